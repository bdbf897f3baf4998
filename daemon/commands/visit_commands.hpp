// SPDX-License-Identifier: Apache-2.0
// visit.*: one citizen at the counter, from opening to erasing.
#pragma once

#include "daemon/commands/command_set.hpp"
#include "daemon/commands/services.hpp"

namespace quay::daemon::commands {

class VisitCommands {
 public:
  explicit VisitCommands(Services& services) : services_(services) {}

  void add_to(CommandSet& commands);

 private:
  loop::Awaitable<Outcome> open(RequestPtr request);
  loop::Awaitable<Outcome> open_again(RequestPtr request, Success stored);
  loop::Awaitable<Outcome> adopt(RequestPtr request);
  loop::Awaitable<Outcome> close(RequestPtr request);
  loop::Awaitable<Outcome> consent(RequestPtr request);
  void take_back(const VisitId& visit, protocol::ConsentKind kind);
  loop::Awaitable<Outcome> delivered(RequestPtr request);
  loop::Awaitable<Outcome> get(RequestPtr request);
  loop::Awaitable<Outcome> list(RequestPtr request);
  loop::Awaitable<Outcome> end(RequestPtr request, std::string visit, std::string reason);

  Services& services_;
};

}  // namespace quay::daemon::commands
