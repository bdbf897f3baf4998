// SPDX-License-Identifier: Apache-2.0
// images.*: bytes out, in pieces that are asked for, or pushed as they come.
#pragma once

#include "daemon/commands/command_set.hpp"
#include "daemon/commands/services.hpp"

namespace quay::daemon::commands {

class ImageCommands {
 public:
  explicit ImageCommands(Services& services) : services_(services) {}

  void add_to(CommandSet& commands);

 private:
  loop::Awaitable<Outcome> fetch(RequestPtr request);
  loop::Awaitable<Outcome> follow(RequestPtr request);
  loop::Awaitable<Outcome> credit(RequestPtr request);
  loop::Awaitable<Outcome> unfollow(RequestPtr request);

  Services& services_;
};

}  // namespace quay::daemon::commands
