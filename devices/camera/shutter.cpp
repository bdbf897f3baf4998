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
constexpr std::int32_t kMostPictures = 100;

/// Settings that a camera may have set to a format that nothing else reads.
constexpr std::array kFormatSettings{"imageformat", "imagequality"};

bool is_only_jpeg(const std::string& choice) {
  const bool raw = choice.find("RAW") != std::string::npos || choice.find("NEF") != std::string::npos ||
                   choice.find("HEIF") != std::string::npos;
  return !raw && (choice.find("JPEG") != std::string::npos || choice.find("Fine") != std::string::npos);
}

/// The finest of those that are only JPEG: drivers list them in either order.
const std::string* finest_jpeg(const std::vector<std::string>& choices) {
  const auto fine = std::find_if(choices.begin(), choices.end(), [](const std::string& choice) {
    return is_only_jpeg(choice) && choice.find("Fine") != std::string::npos;
  });
  const auto any = fine == choices.end() ? std::find_if(choices.begin(), choices.end(), is_only_jpeg) : fine;
  return any == choices.end() ? nullptr : &*any;
}

}  // namespace

Outcome Shutter::take(Session& session, const frames::Capture& order) {
  session_ = &session;
  Status done = session.is_guest() ? Status() : prepare(order.settings);
  const std::int32_t wanted = std::clamp(order.pictures, 1, kMostPictures);
  while (done && page_ <= wanted) {
    const auto file = owed_ ? Result<FilePath>(*owed_) : next_file(order.settings.trigger);
    done = file ? deliver(*file) : Status(failure(file.error()));
    page_ += done ? 1 : 0;
  }
  session_ = nullptr;
  Outcome outcome{page_ - 1, {}};
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
    const Status set = value->empty() ? Status() : session_->set_choice(name, *value);
    if (!set) {
      return set;
    }
  }
  return ask_for_jpeg();
}

Status Shutter::ask_for_jpeg() {
  for (const char* name : kFormatSettings) {
    const auto format = session_->choice_setting(name);
    if (!format) {
      return failure(format.error());
    }
    if (!*format || is_only_jpeg((*format)->current)) {
      continue;
    }
    const std::string* jpeg = finest_jpeg((*format)->choices);
    const Status set = jpeg == nullptr ? Status() : session_->set_choice(name, *jpeg);
    if (!set) {
      return set;
    }
  }
  return {};
}

Result<FilePath> Shutter::next_file(CameraTrigger trigger) {
  while (!offered_.empty()) {
    const FilePath file = offered_.front();
    offered_.pop_front();
    if (kind_of_name(file.name) == FileKind::picture) {
      return file;
    }
  }
  if (session_->is_guest()) {
    trigger = CameraTrigger::button;
  }
  job_.progress(trigger == CameraTrigger::button ? Stage::waiting_for_button : Stage::feeding, page_);
  if (trigger == CameraTrigger::command) {
    const Status gone = session_->trigger();
    if (!gone && gone.error().code == Errc::device_unsupported) {
      return session_->capture();
    }
    if (!gone) {
      return failure(gone.error());
    }
  }
  return wait_for_file(trigger);
}

/// The next picture that the camera tells of. Without limit for a hand at the button, until the job is cancelled. A raw
/// file is waited behind for a while: its JPEG may follow it.
Result<FilePath> Shutter::wait_for_file(CameraTrigger trigger) {
  const bool by_hand = trigger == CameraTrigger::button;
  Deadline until = by_hand ? Deadline::max() : deadline_in(kDevelop);
  bool raw = false;
  while (!job_.cancelled() && SteadyClock::now() < until) {
    const auto news = session_->news(kLook);
    if (!news) {
      return failure(news.error());
    }
    const FileKind kind = news->kind == CameraNews::Kind::file ? kind_of_name(news->file.name) : FileKind::other;
    if (kind == FileKind::picture) {
      return news->file;
    }
    raw = raw || kind == FileKind::raw;
    if (kind == FileKind::raw || (!by_hand && news->kind == CameraNews::Kind::complete)) {
      until = std::min(until, deadline_in(kAfterComplete));
    }
    if (by_hand) {
      job_.progress(Stage::waiting_for_button, page_);
    }
  }
  if (job_.cancelled()) {
    return failure(job_.cancelled_error("camera.capture"));
  }
  return raw ? failure(Errc::camera_raw_only, "camera.capture", "only a raw file was told of")
             : failure(Errc::camera_no_picture, "camera.capture", "no picture was told of");
}

Status Shutter::deliver(const FilePath& file) {
  job_.progress(Stage::reading, page_);
  owed_ = file;
  const auto bytes = session_->download(file);
  if (!bytes) {
    return failure(bytes.error());
  }
  owed_.reset();
  const auto media_type = check_picture(*bytes);
  if (!media_type) {
    return failure(media_type.error());
  }
  if (Status handed = hand_over(*bytes, *media_type); !handed) {
    return handed;
  }
  if (!session_->is_guest()) {
    forget(file);
  }
  return {};
}

Status Shutter::hand_over(const std::vector<std::uint8_t>& bytes, const std::string& media_type) {
  auto buffer = job_.buffer(bytes.size(), page_);
  if (!buffer) {
    return failure(buffer.error());
  }
  std::copy(bytes.begin(), bytes.end(), buffer->bytes().begin());
  frames::PageRead read;
  read.buffer = buffer->name();
  read.bytes = bytes.size();
  read.page = page_;
  read.geometry.media_type = media_type;
  if (Status sent = job_.send(std::move(read), {buffer->fd()}); !sent) {
    return sent;
  }
  buffer->hand_over();
  return {};
}

/// The picture is a citizen's: it goes from the card when it is safe here, and only then.
void Shutter::forget(const FilePath& file) {
  if (!job_.wait_kept(page_, deadline_in(kSafe))) {
    return;
  }
  if (const Status gone = session_->remove(file); !gone) {
    log_.warning("a picture stays on the camera's card: {}", describe(gone.error()));
  }
}

}  // namespace quay::camera
