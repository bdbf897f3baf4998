// SPDX-License-Identifier: Apache-2.0
#include "devices/worker/worker.hpp"

#include <unistd.h>

#include <new>
#include <thread>
#include <utility>

#include "base/clock.hpp"
#include "protocol/client/error_body.hpp"

namespace quay::worker {
namespace {

/// How long the device may take to be closed properly when the process is asked to leave. Shorter than quayd's grace.
constexpr Milliseconds kLeaveGrace{1000};

Error library_threw(std::string what) { return make_error(Errc::bug, "worker.carry_out", std::move(what)); }

}  // namespace

Worker::Worker(UniqueFd channel, Device& device, const Log& log, std::string version)
    : channel_(std::move(channel)), device_(device), log_(log), version_(std::move(version)) {}

void Worker::run(const std::string& program) {
  device_.connect(channel_);
  std::thread([this, program] { serve_device(program); }).detach();
  read_frames();
  leave(ExitStatus::good);
}

// ---- device thread ----------------------------------------------------------------------------------------------

void Worker::serve_device(const std::string& program) {
  if (const Status prepared = device_.prepare(); !prepared) {
    log_.error("cannot start: {}", describe(prepared.error()));
    ::_exit(static_cast<int>(ExitStatus::prepare_failed));
  }
  if (const Status greeted = channel_.send(frames::Hello{{}, program, version_, frames::kVersion}); !greeted) {
    log_.error("{}", describe(greeted.error()));
  }
  for (;;) {
    serve_one();
    device_.forget();
  }
}

void Worker::serve_one() {
  const std::unique_ptr<Pending> pending = wait_for_request();
  const std::shared_ptr<Job> job = pending->job;
  finish(*job, carry_out(*pending));
}

std::unique_ptr<Worker::Pending> Worker::wait_for_request() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return pending_ != nullptr; });
  return std::exchange(pending_, nullptr);
}

/// The boundary: nothing a library throws gets past here.
Outcome Worker::carry_out(Pending& pending) {
  try {
    return device_.carry_out(pending.request, std::move(pending.descriptors), *pending.job);
  } catch (const std::bad_alloc&) {
    return {0, make_error(Errc::device_no_memory, "worker.carry_out", "out of memory")};
  } catch (const std::exception& thrown) {
    return {0, library_threw(thrown.what())};
  } catch (...) {
    return {0, library_threw("something that is no std::exception")};
  }
}

void Worker::finish(const Job& job, Outcome outcome) {
  frames::Finished finished{{}, job.request(), outcome.pages, {}};
  if (outcome.error) {
    log_.info("request {} ended after {} pages: {}", job.request(), outcome.pages, describe(*outcome.error));
    finished.error = protocol::to_body(*outcome.error);
  }
  {
    // Idle before Finished is sent: the next request may follow it at once.
    const std::lock_guard lock(mutex_);
    running_.reset();
    changed_.notify_all();
  }
  if (const Status sent = channel_.send(finished); !sent) {
    log_.error("{}", describe(sent.error()));
  }
}

// ---- channel thread ---------------------------------------------------------------------------------------------

/// Returns when quayd has closed the channel.
void Worker::read_frames() {
  while (read_one()) {
    device_.forget();
  }
}

bool Worker::read_one() {
  Result<Incoming> incoming = channel_.receive();
  if (incoming) {
    take(*std::move(incoming));
    return true;
  }
  if (incoming.error().code == Errc::worker_protocol) {
    log_.error("{}", describe(incoming.error()));
    leave(ExitStatus::protocol);
  }
  return false;
}

void Worker::take(Incoming incoming) {
  if (const auto* asked = std::get_if<frames::Cancel>(&incoming.message)) {
    cancel(asked->request);
  } else if (const auto* released = std::get_if<frames::ReleaseBuffer>(&incoming.message)) {
    if (!pool_.release(released->buffer)) {
      log_.warning("buffer {} was released but is not out", released->buffer);
    }
  } else if (const auto* kept = std::get_if<frames::Kept>(&incoming.message)) {
    if (const std::shared_ptr<Job> job = running(kept->request)) {
      job->note_kept(kept->page);
    }
  } else if (const auto* unwanted = std::get_if<frames::Withdraw>(&incoming.message)) {
    if (const std::shared_ptr<Job> job = running(unwanted->request)) {
      job->withdraw();
    }
  } else if (std::holds_alternative<frames::Shutdown>(incoming.message)) {
    leave(ExitStatus::good);
  } else {
    const std::uint64_t request = std::visit(
        [](const auto& body) -> std::uint64_t {
          if constexpr (requires { body.request; }) {
            return body.request;
          } else {
            return 0;
          }
        },
        incoming.message);
    start(request, std::move(incoming));
  }
}

void Worker::start(std::uint64_t request, Incoming incoming) {
  {
    const std::lock_guard lock(mutex_);
    if (!running_) {
      running_ = std::make_shared<Job>(channel_, pool_, request);
      pending_ =
          std::make_unique<Pending>(Pending{std::move(incoming.message), std::move(incoming.descriptors), running_});
      changed_.notify_all();
      return;
    }
  }
  const Error busy = make_error(Errc::device_busy, "worker.start", "a request is already running");
  if (const Status sent = channel_.send(frames::Finished{{}, request, 0, protocol::to_body(busy)}); !sent) {
    log_.error("{}", describe(sent.error()));
  }
}

/// Request number `request`, or whichever is running when none is named; null when it does not run.
std::shared_ptr<Job> Worker::running(std::optional<std::uint64_t> request) {
  const std::lock_guard lock(mutex_);
  return running_ && (!request || running_->request() == *request) ? running_ : nullptr;
}

void Worker::cancel(std::optional<std::uint64_t> request) {
  if (const std::shared_ptr<Job> job = running(request)) {
    job->cancel();
    device_.cancel();
  }
}

/// _exit: no destructor, no atexit handler of a library may hold up the end (sane_exit is known to crash and hang).
void Worker::leave(ExitStatus status) {
  cancel(std::nullopt);
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kLeaveGrace, [this] { return !running_; });
  ::_exit(static_cast<int>(status));
}

}  // namespace quay::worker
