// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/command_set.hpp"

namespace quay::daemon::commands {

const CommandEntry* CommandSet::find(std::string_view name, protocol::Endpoint endpoint) const {
  bool taken_here = false;
  protocol::for_each_command([&](const auto& row) { taken_here |= row.name == name && row.endpoint == endpoint; });
  const auto found = entries_.find(name);
  return taken_here && found != entries_.end() ? &found->second : nullptr;
}

}  // namespace quay::daemon::commands
