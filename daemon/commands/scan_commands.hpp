// SPDX-License-Identifier: Apache-2.0
// scan.start, job.*: what is asked of a scanner, and how jobs of every kind are seen and stopped.
#pragma once

#include "daemon/commands/command_set.hpp"
#include "daemon/commands/job_starter.hpp"
#include "daemon/commands/services.hpp"

namespace quay::daemon::commands {

class ScanCommands {
 public:
  explicit ScanCommands(Services& services) : services_(services), starter_(services) {}

  void add_to(CommandSet& commands);

 private:
  loop::Awaitable<Outcome> start(RequestPtr request);
  loop::Awaitable<Outcome> get(RequestPtr request);
  loop::Awaitable<Outcome> cancel(RequestPtr request);

  Services& services_;
  JobStarter starter_;
};

}  // namespace quay::daemon::commands
