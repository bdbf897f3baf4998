// SPDX-License-Identifier: Apache-2.0
// What is plugged in, as the worker that watches USB says, and port resets as it carries them out.
#pragma once

#include <optional>
#include <vector>

#include "daemon/loop/task_group.hpp"
#include "daemon/loop/turns.hpp"
#include "daemon/supervise/worker.hpp"
#include "protocol/worker/usb.hpp"

namespace quay::daemon::jobs {

class UsbDesk {
 public:
  using Devices = std::vector<protocol::worker::UsbDevice>;

  UsbDesk(loop::Loop& loop, const Log& log, loop::TaskGroup& tasks);

  void start(supervise::WorkerSpec spec);
  void stop();
  bool runs() const { return worker_ != nullptr; }

  /// Nothing until the worker has looked.
  const std::optional<Devices>& plugged() const { return plugged_; }
  /// Wakes its one reader when plugged() has changed; closed at the end.
  loop::Mailbox<int>& changes() { return changes_; }
  /// Wakes that reader.
  void look_again() {
    if (changes_.size() == 0) {
      changes_.push(0);
    }
  }

  /// Errors: device_absent, device_access_denied, device_io, device_timeout, worker_crashed.
  loop::Awaitable<Status> reset(std::int32_t bus, std::int32_t address);

 private:
  loop::Awaitable<void> listen();
  void take_news();

  loop::Loop& loop_;
  const Log& log_;
  loop::TaskGroup& tasks_;
  loop::Turns turns_;
  loop::Mailbox<int> changes_;
  std::unique_ptr<supervise::Worker> worker_;
  std::optional<Devices> plugged_;
};

}  // namespace quay::daemon::jobs
