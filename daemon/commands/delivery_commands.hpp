// SPDX-License-Identifier: Apache-2.0
// capture.ack, capture.discard, capture.restore: what a front end says of the pages it got.
#pragma once

#include "daemon/commands/command_set.hpp"
#include "daemon/commands/services.hpp"

namespace quay::daemon::commands {

class DeliveryCommands {
 public:
  explicit DeliveryCommands(Services& services) : services_(services) {}

  void add_to(CommandSet& commands);

 private:
  loop::Awaitable<Outcome> acknowledge(RequestPtr request);
  loop::Awaitable<Outcome> discard(RequestPtr request);
  loop::Awaitable<Outcome> restore(RequestPtr request);
  loop::Awaitable<Outcome> set_aside(RequestPtr request, bool aside);

  Services& services_;
};

}  // namespace quay::daemon::commands
