// SPDX-License-Identifier: Apache-2.0
// device.*: which devices there are and what they can do.
#pragma once

#include "daemon/commands/command_set.hpp"
#include "daemon/commands/services.hpp"

namespace quay::daemon::commands {

class DeviceCommands {
 public:
  explicit DeviceCommands(Services& services) : services_(services) {}

  void add_to(CommandSet& commands);

 private:
  loop::Awaitable<Outcome> list(RequestPtr request);
  loop::Awaitable<Outcome> describe(RequestPtr request);

  Services& services_;
};

}  // namespace quay::daemon::commands
