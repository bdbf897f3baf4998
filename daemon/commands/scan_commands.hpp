// SPDX-License-Identifier: Apache-2.0
// scan.start: accepted at once, its row in the journal before the device is touched; and job.*.
#pragma once

#include "daemon/commands/command_set.hpp"
#include "daemon/commands/services.hpp"

namespace quay::daemon::commands {

class ScanCommands {
 public:
  explicit ScanCommands(Services& services) : services_(services) {}

  void add_to(CommandSet& commands);

 private:
  loop::Awaitable<Outcome> start(RequestPtr request);
  loop::Awaitable<Outcome> get(RequestPtr request);
  loop::Awaitable<Outcome> cancel(RequestPtr request);
  Result<jobs::ScannerDevice*> acquire(const core::Peer& peer, const protocol::ScanStartArguments& arguments);
  loop::Awaitable<void> carry_out(JobId id);

  Services& services_;
};

}  // namespace quay::daemon::commands
