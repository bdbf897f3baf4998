// SPDX-License-Identifier: Apache-2.0
#include "devices/camera/camera_device.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "devices/camera/describe.hpp"
#include "devices/camera/shutter.hpp"

namespace quay::camera {

namespace frames = worker::frames;
using worker::Outcome;

namespace {

constexpr double kMostFramesPerSecond = 30;
constexpr int kMostDroppedFrames = 20;
constexpr Milliseconds kBusyPause{50};

/// Trouble after which the session is of no use any more.
bool is_torn(const Error& error) {
  return error.code == Errc::device_io || error.code == Errc::device_timeout || error.code == Errc::device_absent;
}

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
      std::this_thread::sleep_for(kBusyPause);
      continue;
    }
    if (!jpeg) {
      return failure(jpeg.error());
    }
    dropped = 0;
    if (Status sent = send_frame(job, *jpeg); !sent) {
      return sent;
    }
    std::this_thread::sleep_until(next);
  }
  return {};
}

}  // namespace

Outcome CameraDevice::carry_out(const frames::ToWorker& request, std::vector<UniqueFd> /*descriptors*/,
                                worker::Job& job) {
  Outcome outcome;
  if (std::holds_alternative<frames::Describe>(request)) {
    outcome = describe(job);
  } else if (const auto* order = std::get_if<frames::Capture>(&request)) {
    outcome = capture(*order, job);
  } else if (const auto* wish = std::get_if<frames::LiveView>(&request)) {
    outcome = live_view(*wish, job);
  } else {
    outcome = {0, make_error(Errc::device_unsupported, "worker.request", "a camera takes and shows pictures")};
  }
  torn_ = torn_ || (outcome.error && is_torn(*outcome.error));
  return outcome;
}

Result<Session*> CameraDevice::session(worker::Job& job) {
  job.progress(frames::Stage::opening, 0);
  if (std::exchange(torn_, false)) {
    session_.reset();
    job.progress(frames::Stage::opening, 0);
  }
  if (!session_) {
    auto opened = Session::open(address_);
    if (!opened) {
      return failure(opened.error());
    }
    session_ = *std::move(opened);
  }
  session_->set_unwanted([&job] { return job.cancelled(); });
  return session_.get();
}

Outcome CameraDevice::describe(worker::Job& job) {
  const auto open = session(job);
  if (!open) {
    return {0, open.error()};
  }
  const Status sent = job.send(frames::Described{{}, 0, identity_of(**open), {}, capabilities_of(**open), {}, {}});
  (*open)->set_unwanted({});
  return sent ? Outcome{} : Outcome{0, sent.error()};
}

/// A camera that slept fails the first call and does the second: one silent retry, while no picture has come.
Outcome CameraDevice::capture(const frames::Capture& order, worker::Job& job) {
  Outcome outcome;
  for (int attempt = 0; attempt < 2; ++attempt) {
    const bool was_open = session_ != nullptr && !torn_;
    const auto open = session(job);
    if (!open) {
      return {0, open.error()};
    }
    outcome = Shutter(**open, job, log_).take(order);
    (*open)->set_unwanted({});
    const bool slept = was_open && outcome.error && is_torn(*outcome.error) && outcome.pages == 0;
    if (!slept || job.cancelled()) {
      break;
    }
    log_.info("opening the camera anew after: {}", quay::describe(*outcome.error));
    torn_ = true;
  }
  return outcome;
}

Outcome CameraDevice::live_view(const frames::LiveView& order, worker::Job& job) {
  const auto open = session(job);
  if (!open) {
    return {0, open.error()};
  }
  const Status shown = show(**open, order.frames_per_second, job);
  (*open)->set_unwanted({});
  if (const Status off = (*open)->set_switch("viewfinder", false);
      !off && off.error().code != Errc::device_unsupported) {
    log_.info("the live view stays on: {}", quay::describe(off.error()));
  }
  return shown || job.cancelled() ? Outcome{} : Outcome{0, shown.error()};
}

}  // namespace quay::camera
