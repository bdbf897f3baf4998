// SPDX-License-Identifier: Apache-2.0
#include "devices/document_camera/live.hpp"

#include <algorithm>

#include "devices/document_camera/controls.hpp"
#include "devices/document_camera/frame_source.hpp"
#include "devices/document_camera/mjpg.hpp"
#include "devices/document_camera/pixels.hpp"

namespace quay::document_camera {

namespace frames = worker::frames;

namespace {

constexpr std::int32_t kLiveWidth = 1280;
constexpr int kLiveQuality = 75;
constexpr double kLeastFramesPerSecond = 0.1;
constexpr double kMostFramesPerSecond = 30;

/// Whole, as a file that every viewer reads. Errors: scan_page_incomplete, image_unsupported, image_encode_failed.
Result<std::vector<std::uint8_t>> jpeg_of(const Stream& stream, const RawFrame& frame) {
  if (frame.damaged) {
    return failure(Errc::scan_page_incomplete, "camera.frame", "the driver says the frame is damaged");
  }
  if (stream.format().coding == Coding::mjpg) {
    return complete_jpeg(frame.bytes);
  }
  const YuyvView view{frame.bytes, stream.format().size, stream.row_bytes()};
  if (!view.is_whole()) {
    return failure(Errc::scan_page_incomplete, "camera.frame", "bytes are missing");
  }
  return jpeg_of_gray_or_rgb(rgb_of_yuyv(view).view(), kLiveQuality);
}

Status send_frame(const worker::Job& job, const std::vector<std::uint8_t>& jpeg) {
  auto buffer = WritableBuffer::create(jpeg.size());
  if (!buffer) {
    return failure(buffer.error());
  }
  std::copy(jpeg.begin(), jpeg.end(), buffer->bytes().begin());
  return job.send(frames::LiveFrame{{}, 0, jpeg.size()}, {buffer->fd()});
}

Status show(Stream& stream, SteadyClock::duration pace, const worker::Job& job) {
  FrameSource source(stream, job);
  Deadline due = SteadyClock::now();
  for (;;) {
    const auto frame = source.next();
    if (!frame) {
      return failure(frame.error());
    }
    const Deadline now = SteadyClock::now();
    if (now < due) {
      continue;
    }
    const auto jpeg = jpeg_of(stream, *frame);
    if (!jpeg) {
      if (Status again = source.drop(jpeg.error()); !again) {
        return again;
      }
      continue;
    }
    source.keep();
    if (Status sent = send_frame(job, *jpeg); !sent) {
      return sent;
    }
    due = std::max(due + pace, now);  // on the beat of the camera, and never in a rush after a pause
  }
}

}  // namespace

Status show_live(const VideoNode& node, double frames_per_second, worker::Job& job) {
  if (Status set = set_controls(node, {}); !set) {
    return set;
  }
  auto formats = formats_of(node);
  if (!formats) {
    return failure(formats.error());
  }
  const double wanted = std::clamp(frames_per_second, kLeastFramesPerSecond, kMostFramesPerSecond);
  auto stream = Stream::start(node, live_ladder(*std::move(formats), kLiveWidth), wanted);
  if (!stream) {
    return failure(stream.error());
  }
  const auto pace = std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(1 / wanted));
  const Status shown = show(*stream, pace, job);
  return job.cancelled() ? Status() : shown;
}

}  // namespace quay::document_camera
