// SPDX-License-Identifier: Apache-2.0
// hello, state.get, replay: what is at the other end, and what happened so far.
#pragma once

#include "daemon/commands/command_set.hpp"
#include "daemon/commands/services.hpp"

namespace quay::daemon::commands {

class SessionCommands {
 public:
  explicit SessionCommands(Services& services) : services_(services) {}

  void add_to(CommandSet& commands);

 private:
  loop::Awaitable<Outcome> hello(RequestPtr request);
  loop::Awaitable<Outcome> state_get(RequestPtr request);
  loop::Awaitable<Outcome> replay(RequestPtr request);

  Services& services_;
};

}  // namespace quay::daemon::commands
