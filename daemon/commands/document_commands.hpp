// SPDX-License-Identifier: Apache-2.0
// document.*: pages joined into one file.
#pragma once

#include "daemon/commands/command_set.hpp"
#include "daemon/commands/services.hpp"

namespace quay::daemon::commands {

class DocumentCommands {
 public:
  explicit DocumentCommands(Services& services) : services_(services) {}

  void add_to(CommandSet& commands);

 private:
  loop::Awaitable<Outcome> assemble(RequestPtr request);

  Services& services_;
};

}  // namespace quay::daemon::commands
