// SPDX-License-Identifier: Apache-2.0
// audit.*: the access log, shown and checked. For who looks after the counter.
#pragma once

#include "daemon/commands/command_set.hpp"
#include "daemon/commands/services.hpp"

namespace quay::daemon::commands {

class AuditCommands {
 public:
  explicit AuditCommands(Services& services) : services_(services) {}

  void add_to(CommandSet& commands);

 private:
  loop::Awaitable<Outcome> verify(RequestPtr request);
  loop::Awaitable<Outcome> list(RequestPtr request);

  Services& services_;
};

}  // namespace quay::daemon::commands
