// SPDX-License-Identifier: Apache-2.0
// How every job that brings pages begins: the device acquired and leased, room and consent looked at, the row in the
// journal before the device is touched; then it runs by itself, and whoever waits for its end is answered.
#pragma once

#include "daemon/commands/request.hpp"
#include "daemon/commands/services.hpp"

namespace quay::daemon::commands {

class JobStarter {
 public:
  explicit JobStarter(Services& services) : services_(services) {}

  /// Accepts `order`, or says why not. `room`: bytes that must be free for its pages. Errors: device_unknown,
  /// device_unsupported (another kind of device), device_leased, device_busy, visit_unknown, visit_closed,
  /// visit_consent_missing, spool_full.
  loop::Awaitable<Outcome> start(RequestPtr request, jobs::CaptureOrder order, std::uint64_t room);

 private:
  loop::Awaitable<Result<jobs::SourceDevice*>> acquire(RequestPtr request, const jobs::CaptureOrder& order);
  void give_back(const std::string& device, bool used, const jobs::DeviceUse& use);
  loop::Awaitable<void> carry_out(JobId id);

  Services& services_;
};

/// When the client's deadline_ms, if it sets one, is over.
Deadline deadline_of(const protocol::Command& command);

}  // namespace quay::daemon::commands
