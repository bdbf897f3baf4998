// SPDX-License-Identifier: Apache-2.0
#include "devices/document_camera/still.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "devices/document_camera/controls.hpp"
#include "devices/document_camera/frame_source.hpp"
#include "devices/document_camera/mjpg.hpp"

namespace quay::document_camera {

namespace frames = worker::frames;
using frames::Stage;
using worker::Outcome;

namespace {

constexpr std::int32_t kMostPictures = 100;
/// Half of each side is compared: a third of the time, and what focus and motion take away shows as well.
constexpr int kReduce = 2;

/// A cable pulled in mid page is told as every source tells it: the page was cut off. The next look finds it absent.
Error cut_off(Error error) {
  error.code = error.code == Errc::device_absent ? Errc::device_io : error.code;
  return error;
}

}  // namespace

Outcome Still::take(const frames::Capture& order) {
  if (order.settings.trigger == protocol::CameraTrigger::button) {
    return {0, make_error(Errc::device_unsupported, "camera.capture", "the button of a document camera is not read")};
  }
  job_.progress(Stage::feeding, 1);
  auto stream = start(order.settings);
  if (!stream) {
    return {0, stream.error()};
  }
  Outcome outcome;
  Status done;
  const std::int32_t wanted = std::clamp(order.pictures, 1, kMostPictures);
  while (done && outcome.pages < wanted) {
    auto picture = best_of(*stream, outcome.pages + 1);
    done = picture ? deliver(*std::move(picture), outcome.pages + 1) : Status(failure(picture.error()));
    outcome.pages += done ? 1 : 0;
  }
  if (!done) {
    outcome.error = job_.cancelled() ? job_.cancelled_error("camera.capture") : done.error();
  }
  return outcome;
}

Result<Stream> Still::start(const protocol::CameraSettings& settings) {
  if (Status set = set_controls(node_, settings); !set) {
    return failure(set.error());
  }
  auto formats = formats_of(node_);
  if (!formats) {
    return failure(formats.error());
  }
  std::vector<PictureFormat> ladder = still_ladder(*std::move(formats));
  if (!settings.image_size.empty()) {
    const auto is_other = [&](const PictureFormat& format) { return spelled(format.size) != settings.image_size; };
    const std::string offered = fmt::format("{}", fmt::join(sizes_in(ladder), ", "));
    std::erase_if(ladder, is_other);
    if (ladder.empty()) {
      return failure(Errc::device_invalid_setting, "image_size",
                     fmt::format("\"{}\": one of {} was expected", settings.image_size, offered));
    }
  }
  auto stream = Stream::start(node_, ladder, 0);
  if (stream && stream->format().size != ladder.front().size) {
    const std::string asked = spelled(ladder.front().size);
    const std::string got = spelled(stream->format().size);
    log_.info("pictures of {} instead of {}: that is what the USB port has room for", got, asked);
    adjusted_.push_back({{}, "image_size", asked, got});
  }
  return stream;
}

Result<Still::Picture> Still::best_of(Stream& stream, std::int32_t page) {
  FrameChoice choice;
  FrameSource source(stream, job_);
  Picture best;
  while (!choice.done(SteadyClock::now())) {
    const auto frame = source.next();
    if (!frame) {
      return failure(cut_off(frame.error()));
    }
    job_.progress(Stage::reading, page);
    auto picture = looked_at(stream, *frame);
    if (!picture) {
      if (Status again = source.drop(picture.error()); !again) {
        return failure(again.error());
      }
      continue;
    }
    source.keep();
    if (choice.judge(picture->look, SteadyClock::now()) == FrameChoice::Verdict::keep) {
      best = *std::move(picture);
      if (best.jpeg.empty()) {
        best.pixels = rgb_of_yuyv({frame->bytes, stream.format().size, stream.row_bytes()});
      }
    }
  }
  return best;
}

Result<Still::Picture> Still::looked_at(const Stream& stream, const RawFrame& frame) {
  if (frame.damaged) {
    return failure(Errc::scan_page_incomplete, "camera.frame", "the driver says the frame is damaged");
  }
  if (stream.format().coding == Coding::yuyv) {
    const YuyvView view{frame.bytes, stream.format().size, stream.row_bytes()};
    if (!view.is_whole()) {
      return failure(Errc::scan_page_incomplete, "camera.frame", "bytes are missing");
    }
    return Picture{{}, {}, look_of(gray_of_yuyv(view, kReduce).view())};
  }
  auto jpeg = complete_jpeg(frame.bytes);
  if (!jpeg) {
    return failure(jpeg.error());
  }
  const auto gray = gray_of_jpeg(*jpeg, kReduce);
  if (!gray) {
    return failure(Errc::scan_page_incomplete, "camera.frame", gray.error().detail);
  }
  return Picture{*std::move(jpeg), {}, look_of(gray->view())};
}

Status Still::deliver(Picture picture, std::int32_t page) {
  frames::PageRead read;
  read.page = page;
  read.adjusted = adjusted_;
  std::span<const std::uint8_t> bytes = picture.jpeg;
  if (picture.jpeg.empty()) {
    const Image& pixels = picture.pixels;
    read.geometry.width = pixels.size().width;
    read.geometry.height = pixels.size().height;
    read.geometry.stride_bytes = pixels.stride_bytes();
    read.geometry.format = pixels.format();
    bytes = pixels.pixels();
  } else {
    read.geometry.media_type = "image/jpeg";
  }
  auto buffer = job_.buffer(bytes.size(), page);
  if (!buffer) {
    return failure(buffer.error());
  }
  std::copy(bytes.begin(), bytes.end(), buffer->bytes().begin());
  read.buffer = buffer->name();
  read.bytes = bytes.size();
  if (Status sent = job_.send(std::move(read), {buffer->fd()}); !sent) {
    return sent;
  }
  buffer->hand_over();
  return {};
}

}  // namespace quay::document_camera
