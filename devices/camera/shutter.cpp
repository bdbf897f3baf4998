// SPDX-License-Identifier: Apache-2.0
#include "devices/camera/shutter.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "devices/camera/picture_check.hpp"

namespace quay::camera {

namespace frames = worker::frames;
using frames::Stage;
using protocol::CameraTrigger;
using worker::Outcome;

namespace {

constexpr Milliseconds kLook{100};
/// From the shutter to the file: exposure, focus and the writing of a large file.
constexpr Milliseconds kDevelop{30'000};
/// From "capture complete" to the file: Nikon 1 says them in this order.
constexpr Milliseconds kAfterComplete{2'000};
/// How long quayd may take to make a picture safe.
constexpr Milliseconds kSafe{60'000};
constexpr int kMostOldNews = 200;
constexpr std::int32_t kMostPictures = 100;

/// Settings that a camera may have set to a format that nothing else reads; the first choice that is only JPEG is
/// taken.
constexpr std::array kFormatSettings{"imageformat", "imagequality"};

bool is_only_jpeg(const std::string& choice) {
  const bool raw = choice.find("RAW") != std::string::npos || choice.find("NEF") != std::string::npos ||
                   choice.find("HEIF") != std::string::npos;
  return !raw && (choice.find("JPEG") != std::string::npos || choice.find("Fine") != std::string::npos);
}

}  // namespace

Outcome Shutter::take(const frames::Capture& order) {
  Outcome outcome;
  Status done = prepare(order.settings);
  const std::int32_t wanted = std::clamp(order.pictures, 1, kMostPictures);
  while (done && outcome.pages < wanted) {
    const std::int32_t page = outcome.pages + 1;
    const auto file = next_file(order.settings.trigger, page);
    done = file ? deliver(*file, page) : Status(failure(file.error()));
    outcome.pages += done ? 1 : 0;
  }
  if (job_.cancelled()) {
    outcome.error = job_.cancelled_error("camera.capture");
  } else if (!done) {
    outcome.error = done.error();
  }
  return outcome;
}

Status Shutter::prepare(const protocol::CameraSettings& settings) {
  const std::array wishes{std::pair("iso", &settings.iso), std::pair("whitebalance", &settings.white_balance),
                          std::pair("imagesize", &settings.image_size)};
  for (const auto& [name, value] : wishes) {
    const Status set = value->empty() ? Status() : session_.set_choice(name, *value);
    if (!set) {
      return set;
    }
  }
  for (const char* name : kFormatSettings) {
    const auto format = session_.choice_setting(name);
    if (!format || is_only_jpeg(format->current)) {
      continue;
    }
    const auto jpeg = std::find_if(format->choices.begin(), format->choices.end(), is_only_jpeg);
    if (jpeg != format->choices.end()) {
      if (Status set = session_.set_choice(name, *jpeg); !set) {
        return set;
      }
    }
  }
  return forget_old_news();
}

/// Pictures taken before this job began belong to nobody.
Status Shutter::forget_old_news() {
  for (int i = 0; i < kMostOldNews; ++i) {
    const auto news = session_.news(Milliseconds(1));
    if (!news && news.error().code != Errc::camera_store_full) {
      return failure(news.error());
    }
    if (news && news->kind == CameraNews::Kind::nothing) {
      break;
    }
  }
  return {};
}

Result<FilePath> Shutter::next_file(CameraTrigger trigger, std::int32_t page) {
  job_.progress(trigger == CameraTrigger::button ? Stage::waiting_for_button : Stage::feeding, page);
  if (trigger == CameraTrigger::command) {
    const Status gone = session_.trigger();
    if (!gone && gone.error().code == Errc::device_unsupported) {
      return session_.capture();
    }
    if (!gone) {
      return failure(gone.error());
    }
  }
  return wait_for_file(trigger, page);
}

/// The next JPEG that the camera tells of. Without limit for a hand at the button, until the job is cancelled.
Result<FilePath> Shutter::wait_for_file(CameraTrigger trigger, std::int32_t page) {
  const bool by_hand = trigger == CameraTrigger::button;
  Deadline until = by_hand ? Deadline::max() : deadline_in(kDevelop);
  while (!job_.cancelled() && SteadyClock::now() < until) {
    const auto news = session_.news(kLook);
    if (!news) {
      return failure(news.error());
    }
    if (news->kind == CameraNews::Kind::file && is_jpeg_name(news->file.name)) {
      return news->file;
    }
    if (by_hand) {
      job_.progress(Stage::waiting_for_button, page);
    } else if (news->kind == CameraNews::Kind::complete) {
      until = std::min(until, deadline_in(kAfterComplete));
    }
  }
  return failure(job_.cancelled() ? job_.cancelled_error("camera.capture")
                                  : make_error(Errc::camera_no_picture, "camera.capture", "no picture was told of"));
}

Status Shutter::deliver(const FilePath& file, std::int32_t page) {
  job_.progress(Stage::reading, page);
  const auto bytes = session_.download(file);
  if (!bytes) {
    return failure(bytes.error());
  }
  if (Status good = check_picture(*bytes); !good) {
    return good;
  }
  auto buffer = job_.buffer(bytes->size(), page);
  if (!buffer) {
    return failure(buffer.error());
  }
  std::copy(bytes->begin(), bytes->end(), buffer->bytes().begin());
  frames::PageRead read;
  read.buffer = buffer->name();
  read.bytes = bytes->size();
  read.page = page;
  read.geometry.media_type = "image/jpeg";
  if (Status sent = job_.send(std::move(read), {buffer->fd()}); !sent) {
    return sent;
  }
  buffer->hand_over();
  forget(file, page);
  return {};
}

/// The picture is a citizen's: it goes from the card when it is safe here, and only then.
void Shutter::forget(const FilePath& file, std::int32_t page) {
  if (!job_.wait_kept(page, deadline_in(kSafe))) {
    return;
  }
  if (const Status gone = session_.remove(file); !gone) {
    log_.warning("a picture stays on the camera's card: {}", describe(gone.error()));
  }
}

}  // namespace quay::camera
