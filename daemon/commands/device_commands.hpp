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
  loop::Awaitable<Outcome> lease(RequestPtr request);
  loop::Awaitable<Outcome> request(RequestPtr request);
  loop::Awaitable<Outcome> release(RequestPtr request);
  loop::Awaitable<Outcome> refuse(RequestPtr request);
  loop::Awaitable<Outcome> trace(RequestPtr request);
  Status check_known(const std::string& device) const;

  Services& services_;
};

}  // namespace quay::daemon::commands
