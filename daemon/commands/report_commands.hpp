// SPDX-License-Identifier: Apache-2.0
// metrics.get, usage.get: how the daemon is and what the counter did, in numbers. For who looks after the counter.
#pragma once

#include "daemon/commands/command_set.hpp"
#include "daemon/commands/services.hpp"

namespace quay::daemon::commands {

class ReportCommands {
 public:
  explicit ReportCommands(Services& services) : services_(services) {}

  void add_to(CommandSet& commands);

 private:
  loop::Awaitable<Outcome> metrics(RequestPtr request);
  loop::Awaitable<Outcome> usage(RequestPtr request);

  Services& services_;
};

}  // namespace quay::daemon::commands
