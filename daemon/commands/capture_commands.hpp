// SPDX-License-Identifier: Apache-2.0
// capture.*: the pages of a visit.
#pragma once

#include "daemon/commands/command_set.hpp"
#include "daemon/commands/services.hpp"

namespace quay::daemon::commands {

class CaptureCommands {
 public:
  explicit CaptureCommands(Services& services) : services_(services) {}

  void add_to(CommandSet& commands);

 private:
  loop::Awaitable<Outcome> list(RequestPtr request);
  loop::Awaitable<Outcome> get(RequestPtr request);
  loop::Awaitable<Outcome> rework(RequestPtr request);

  Services& services_;
};

}  // namespace quay::daemon::commands
