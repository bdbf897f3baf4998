// SPDX-License-Identifier: Apache-2.0
#include "devices/camera/shutter.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "devices/camera/gphoto_error.hpp"
#include "devices/camera/picture_check.hpp"

namespace quay::camera {

namespace frames = worker::frames;
using frames::Stage;
using protocol::CameraTrigger;
using worker::Outcome;

namespace {

constexpr Milliseconds kLook{100};
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
  Status done = owed_ ? Status() : let_late_picture_pass();
  done = done && !session.is_guest() ? prepare(order.settings) : done;
  const std::int32_t wanted = std::clamp(order.pictures, 1, kMostPictures);
  while (done && page_ <= wanted) {
    const auto file = owed_ ? Result<FilePath>(*owed_) : next_file(order.settings.trigger);
    done = file ? deliver(*file) : Status(failure(file.error()));
    page_ += done ? 1 : 0;
  }
  expect_late_picture(order.settings, done);
  session_ = nullptr;
  Outcome outcome{page_ - 1, {}};
  if (job_.cancelled()) {
    outcome.error = job_.cancelled_error("camera.capture");
  } else if (!done) {
    outcome.error = done.error();
  }
  return outcome;
}

/// What the camera tells of now is of a job before this one.
Status Shutter::let_late_picture_pass() {
  const bool waits = kept_.late.is_due();
  while (kept_.late.is_due() && !job_.cancelled()) {
    job_.progress(Stage::opening, 0);
    const auto news = session_->news(kLook);
    if (!news && news.error().code != Errc::camera_store_full) {
      return failure(news.error());
    }
    if (news && news->kind == CameraNews::Kind::file) {
      kept_.late.heard(kind_of_name(news->file.name));
      log_.info("a picture of a job that is over stays on the camera's card");
    }
  }
  if (job_.cancelled()) {
    return failure(job_.cancelled_error("camera.capture"));
  }
  const auto rest = waits ? session_->news_so_far() : Result<std::vector<FilePath>>();
  return rest ? Status() : Status(failure(rest.error()));
}

/// The shutter went and nobody waits, or a hand may have pressed at the last moment: what is told of after this job
/// is over must not become the next one's. Of a phone all is its owner's, and the phone is one visit's.
void Shutter::expect_late_picture(const protocol::CameraSettings& settings, const Status& done) {
  if (session_->is_guest()) {
    return;
  }
  if (job_.cancelled() && developed_by_) {
    kept_.late.expect_one(*developed_by_);
  } else if (developed_by_ || (!done && settings.trigger == CameraTrigger::button)) {
    kept_.late.beware(deadline_in(kAfterComplete));
  }
}

Status Shutter::prepare(const protocol::CameraSettings& settings) {
  const std::array wishes{std::pair("iso", &settings.iso), std::pair("whitebalance", &settings.white_balance),
                          std::pair("imagesize", &settings.image_size)};
  for (const auto& [name, value] : wishes) {
    const Status set = value->empty() ? Status() : kept_.borrowed.set(*session_, name, *value);
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
    const Status set = jpeg == nullptr ? Status() : kept_.borrowed.set(*session_, name, *jpeg);
    if (!set) {
      return set;
    }
  }
  return {};
}

Result<FilePath> Shutter::next_file(CameraTrigger trigger) {
  while (!kept_.offered.empty()) {
    const FilePath file = kept_.offered.front();
    kept_.offered.pop_front();
    if (kind_of_name(file.name) == FileKind::picture) {
      return file;
    }
  }
  if (session_->is_guest()) {
    trigger = CameraTrigger::button;
  }
  job_.progress(trigger == CameraTrigger::button ? Stage::waiting_for_button : Stage::feeding, page_);
  const auto file = trigger == CameraTrigger::command ? release() : wait_for_file(trigger);
  if (file) {
    developed_by_.reset();
  }
  return file;
}

/// A refusal of the camera is no shutter that went; a session that tore, or an order that was given up, may be one.
Result<FilePath> Shutter::release() {
  developed_by_ = deadline_in(kDevelop);
  const Status gone = session_->trigger();
  if (!gone && gone.error().code == Errc::device_unsupported) {
    return session_->capture();
  }
  if (!gone) {
    developed_by_ = means_torn(gone.error()) || job_.cancelled() ? developed_by_ : std::nullopt;
    return failure(gone.error());
  }
  auto file = wait_for_file(CameraTrigger::command);
  if (!file && file.error().code == Errc::camera_store_full) {
    developed_by_.reset();
  }
  return file;
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
