// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/usb_desk.hpp"

#include "protocol/client/error_body.hpp"

namespace quay::daemon::jobs {

namespace frames = protocol::worker;
using loop::Awaitable;

namespace {

/// A hub that waits for a device gives it five seconds; the kernel tries a few times.
constexpr Milliseconds kResetPatience{30'000};
constexpr const char* kTurn = "usb";

}  // namespace

UsbDesk::UsbDesk(loop::Loop& loop, const Log& log, loop::TaskGroup& tasks)
    : loop_(loop), log_(log), tasks_(tasks), turns_(loop), changes_(loop) {}

void UsbDesk::start(supervise::WorkerSpec spec) {
  worker_ = std::make_unique<supervise::Worker>(loop_, log_, std::move(spec));
  tasks_.spawn("usb worker", worker_->run());
  tasks_.spawn("usb", listen());
}

void UsbDesk::stop() {
  changes_.close();
  if (worker_) {
    worker_->stop();
  }
}

Awaitable<void> UsbDesk::listen() {
  while (!worker_->changes().closed()) {
    co_await worker_->changes().receive(loop::kUntilClosed);
    take_news();
  }
}

void UsbDesk::take_news() {
  std::optional<frames::Described> news = worker_->take_news();
  if (!news || !news->usb || news->usb->devices == plugged_) {
    return;
  }
  plugged_ = std::move(news->usb->devices);
  look_again();
}

Awaitable<Status> UsbDesk::reset(std::int32_t bus, std::int32_t address) {
  const loop::Turns::Turn turn = co_await turns_.take(kTurn);
  const auto make = [=](std::uint64_t request) {
    return frames::ToWorker(frames::ResetUsb{{}, request, bus, address});
  };
  Status done = worker_->start(make);
  if (!done) {
    co_return done;
  }
  const Deadline deadline = deadline_in(kResetPatience);
  for (;;) {
    const Result<supervise::Incoming> incoming = co_await worker_->next(deadline);
    if (!incoming) {
      co_return failure(incoming.error());
    }
    if (const auto* finished = std::get_if<frames::Finished>(&incoming->message)) {
      co_return finished->error ? Status(failure(protocol::from_body(*finished->error))) : Status();
    }
  }
}

}  // namespace quay::daemon::jobs
