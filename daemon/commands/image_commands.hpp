// SPDX-License-Identifier: Apache-2.0
// images.*: bytes out, in pieces.
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

  Services& services_;
};

}  // namespace quay::daemon::commands
