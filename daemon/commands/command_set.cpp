// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/command_set.hpp"

namespace quay::daemon::commands {

void CommandSet::add(CommandEntry entry) {
  const std::string_view name = entry.name;
  entries_.insert_or_assign(name, std::move(entry));
}

const CommandEntry* CommandSet::find(std::string_view name, protocol::Endpoint endpoint) const {
  const auto found = entries_.find(name);
  return found == entries_.end() || found->second.endpoint != endpoint ? nullptr : &found->second;
}

}  // namespace quay::daemon::commands
