// SPDX-License-Identifier: Apache-2.0
// The table of commands: each family of commands adds its rows, the dispatcher reads them. A row says all that is
// checked before its handler runs, so that no handler checks who asks.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "daemon/commands/request.hpp"
#include "protocol/client/command_table.hpp"

namespace quay::daemon::commands {

enum class Effect : std::uint8_t {
  reads,    ///< changes nothing
  changes,  ///< is never carried out twice for one request_id
  starts,   ///< the same, and refused while quayd stops
};

/// Whose visit a command concerns: the argument that says so. Its key (Command::visit_key) is asked for.
enum class Subject : std::uint8_t {
  none,      ///< no visit: nothing to own
  visit,     ///< args.visit
  job,       ///< args.job
  capture,   ///< args.capture
  document,  ///< args.document
  image,     ///< args.id, a capture or a document
};

using Handler = std::function<loop::Awaitable<Outcome>(RequestPtr)>;

struct CommandEntry {
  std::string_view name;  ///< a literal
  core::Roles roles;      ///< who may ask
  Subject subject = Subject::none;
  Effect effect = Effect::reads;
  Handler handler;
  protocol::Endpoint endpoint = protocol::Endpoint::control;
};

class CommandSet {
 public:
  void add(CommandEntry entry);

  /// The entry, or nullptr.
  const CommandEntry* find(std::string_view name, protocol::Endpoint endpoint) const;

 private:
  std::unordered_map<std::string_view, CommandEntry> entries_;
};

/// A Handler that calls `method` of `family`, which outlives it.
template <class Family>
Handler handler(Family* family, loop::Awaitable<Outcome> (Family::*method)(RequestPtr)) {
  return [family, method](RequestPtr request) { return (family->*method)(std::move(request)); };
}

}  // namespace quay::daemon::commands
