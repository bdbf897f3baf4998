// SPDX-License-Identifier: Apache-2.0
#include "devices/camera/camera_device.hpp"

#include <algorithm>
#include <utility>

#include "devices/camera/describe.hpp"
#include "devices/camera/gphoto_error.hpp"
#include "devices/camera/phone.hpp"

namespace quay::camera {

namespace frames = worker::frames;
using worker::Outcome;

namespace {

constexpr double kMostFramesPerSecond = 30;
constexpr int kMostDroppedFrames = 20;
constexpr Milliseconds kBusyPause{50};

Status send_frame(worker::Job& job, const std::vector<std::uint8_t>& jpeg) {
  auto buffer = WritableBuffer::create(jpeg.size());
  if (!buffer) {
    return failure(buffer.error());
  }
  std::copy(jpeg.begin(), jpeg.end(), buffer->bytes().begin());
  return job.send(frames::LiveFrame{{}, 0, jpeg.size()}, {buffer->fd()});
}

/// Frames until the job is cancelled. A camera that focuses gives none for a moment.
Status show(Session& session, double frames_per_second, worker::Job& job) {
  const auto pace = std::chrono::duration<double>(1.0 / std::clamp(frames_per_second, 0.1, kMostFramesPerSecond));
  int dropped = 0;
  while (!job.cancelled()) {
    const Deadline next = SteadyClock::now() + std::chrono::duration_cast<SteadyClock::duration>(pace);
    const auto jpeg = session.preview();
    const bool busy = !jpeg && jpeg.error().code == Errc::device_busy && ++dropped < kMostDroppedFrames;
    if (busy) {
      job.pause(deadline_in(kBusyPause));
      continue;
    }
    if (!jpeg) {
      return failure(jpeg.error());
    }
    dropped = 0;
    if (Status sent = send_frame(job, *jpeg); !sent) {
      return sent;
    }
    job.pause(next);
  }
  return {};
}

}  // namespace

Outcome CameraDevice::carry_out(const frames::ToWorker& request, std::vector<UniqueFd> /*descriptors*/,
                                worker::Job& job) {
  Outcome outcome = serve(request, job);
  if (session_) {
    session_->set_unwanted({});
  }
  if (outcome.error && means_torn(*outcome.error)) {
    torn_ = true;
    loss_told_ = loss_told_ || !job.cancelled();
  }
  return outcome;
}

Outcome CameraDevice::serve(const frames::ToWorker& request, worker::Job& job) {
  if (const auto* order = std::get_if<frames::Capture>(&request)) {
    return capture(*order, job);
  }
  Status done = failure(Errc::device_unsupported, "worker.request", "a camera takes and shows pictures");
  if (std::holds_alternative<frames::Describe>(request)) {
    done = describe(job);
  } else if (std::holds_alternative<frames::Look>(request)) {
    done = look(job);
  } else if (const auto* wish = std::get_if<frames::LiveView>(&request)) {
    done = live_view(*wish, job);
  }
  return done ? Outcome{} : Outcome{0, done.error()};
}

/// A camera that slept, or was off and on again, fails its first call: that one is a question of ours.
Result<Session*> CameraDevice::session(worker::Job& job) {
  job.progress(frames::Stage::opening, 0);
  if (session_ && !torn_) {
    session_->set_unwanted([&job] { return job.cancelled(); });
    const Status alive = session_->alive();
    torn_ = !alive;
    if (torn_) {
      log_.info("the session is torn: {}", quay::describe(alive.error()));
    }
  }
  if (says_loss(job)) {
    return failure(Errc::device_absent, "phone.session", "the session with the phone is torn");
  }
  const Status opened = session_ && !torn_ ? Status() : open(job);
  return opened ? Result<Session*>(session_.get()) : failure(opened.error());
}

/// True: quayd has to be told first that the phone is gone, however its session was torn. Who cancelled does not hear.
bool CameraDevice::says_loss(const worker::Job& job) {
  if (!session_ || !torn_ || !session_->is_guest() || loss_told_) {
    return false;
  }
  loss_told_ = !job.cancelled();
  return true;
}

/// Closing a torn session can take seconds, opening one too: two signs of life.
Status CameraDevice::open(worker::Job& job) {
  job.progress(frames::Stage::opening, 0);
  session_.reset();
  torn_ = false;
  loss_told_ = false;
  kept_.offered.clear();
  job.progress(frames::Stage::opening, 0);
  auto opened = Session::open(address_);
  if (!opened) {
    return failure(opened.error());
  }
  session_ = *std::move(opened);
  session_->set_unwanted([&job] { return job.cancelled(); });
  return {};
}

Status CameraDevice::hear_news() {
  const auto files = session_->news_so_far();
  if (!files) {
    return failure(files.error());
  }
  if (session_->is_guest()) {
    kept_.offered.insert(kept_.offered.end(), files->begin(), files->end());
    return {};
  }
  for (const FilePath& file : *files) {
    kept_.late.heard(kind_of_name(file.name));
  }
  return {};
}

Status CameraDevice::send_condition(worker::Job& job) {
  const auto asked = session_->storage();
  const auto condition = condition_of(*session_, asked);
  if (!condition) {
    return failure(condition.error());
  }
  if (Status sent = job.send(*condition); !sent) {
    return sent;
  }
  return session_->is_guest() ? phone_access(asked, session_->is_apple()) : Status();
}

/// A phone that shows no pictures yet is described all the same: front ends tell its owner what to do.
Status CameraDevice::describe(worker::Job& job) {
  const auto open = session(job);
  if (!open) {
    return failure(open.error());
  }
  const auto identity = identity_of(**open);
  const auto can = identity ? capabilities_of(**open) : failure(identity.error());
  if (!can) {
    return failure(can.error());
  }
  const bool guest = (*open)->is_guest();
  const bool looks = guest || can->battery_percent >= 0 || can->pictures_left >= 0;
  if (Status sent = job.send(frames::Described{{}, 0, *identity, {}, *can, guest, looks, {}, {}, {}}); !sent) {
    return sent;
  }
  return guest ? phone_access((*open)->storage(), (*open)->is_apple()) : Status();
}

Status CameraDevice::look(worker::Job& job) {
  const auto open = session(job);
  if (!open) {
    return failure(open.error());
  }
  const Status heard = hear_news();
  return heard ? send_condition(job) : heard;
}

/// A picture that was told of and did not come over is asked for once more, in a new session. The shutter never goes
/// twice for one order.
Outcome CameraDevice::capture(const frames::Capture& order, worker::Job& job) {
  auto open = session(job);
  Status ready = open ? hear_news() : Status(failure(open.error()));
  if (ready) {
    ready =
        (*open)->is_guest() ? phone_access((*open)->storage(), (*open)->is_apple()) : kept_.borrowed.give_back(**open);
  }
  if (!ready) {
    return {0, ready.error()};
  }
  Shutter shutter(job, log_, kept_);
  Outcome outcome = shutter.take(**open, order);
  const bool again = outcome.error && means_torn(*outcome.error) && shutter.owes_a_picture() && !(*open)->is_guest();
  if (again && !job.cancelled()) {
    log_.info("opening the camera anew after: {}", quay::describe(*outcome.error));
    const Status opened = this->open(job);
    outcome = opened ? shutter.take(*session_, order) : Outcome{outcome.pages, opened.error()};
  }
  if (!outcome.error || !means_torn(*outcome.error)) {
    leave_as_found(job);
  }
  return outcome;
}

/// Also behind a job that was cancelled: the camera does what it is asked again.
void CameraDevice::leave_as_found(worker::Job& job) {
  session_->set_unwanted({});
  Status done = kept_.borrowed.give_back(*session_);
  done = done && !job.cancelled() ? send_condition(job) : done;  // who cancels waits for the end only
  torn_ = torn_ || (!done && means_torn(done.error()));
}

Status CameraDevice::live_view(const frames::LiveView& order, worker::Job& job) {
  const auto open = session(job);
  if (!open) {
    return failure(open.error());
  }
  const Status shown = show(**open, order.frames_per_second, job);
  (*open)->set_unwanted({});
  const Status off = shown || !means_torn(shown.error()) ? (*open)->set_switch("viewfinder", false) : Status();
  if (!off && off.error().code != Errc::device_unsupported) {
    log_.info("the live view stays on: {}", quay::describe(off.error()));
    torn_ = torn_ || means_torn(off.error());
  }
  return shown || job.cancelled() ? Status() : shown;
}

}  // namespace quay::camera
