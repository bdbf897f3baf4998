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

/// Whether the access log tells of it.
enum class Access : std::uint8_t {
  quiet,   ///< no data of a citizen is touched (or the handler itself writes the line)
  logged,  ///< written down, whatever came of it, before it is answered
};

using Handler = std::function<loop::Awaitable<Outcome>(RequestPtr)>;
/// Makes the answer to a repeated wish out of its stored outcome.
using Repeat = std::function<loop::Awaitable<Outcome>(RequestPtr, Success)>;

struct CommandEntry {
  std::string_view name;  ///< a literal, as in protocol/client/command_table.hpp
  core::Roles roles;      ///< who may ask
  Subject subject = Subject::none;
  Effect effect = Effect::reads;
  Handler handler;
  bool technician_needs_no_key = false;  ///< a technician may do it to any visit
  Repeat repeat{};                       ///< none: a repeated wish gets the stored outcome as it is
  Access access = Access::quiet;
};

class CommandSet {
 public:
  void add(CommandEntry entry) { entries_.insert_or_assign(entry.name, std::move(entry)); }

  /// The entry of a command that this socket takes, or nullptr.
  const CommandEntry* find(std::string_view name, protocol::Endpoint endpoint) const;

  std::size_t size() const { return entries_.size(); }

 private:
  std::unordered_map<std::string_view, CommandEntry> entries_;
};

/// A Handler that calls `method` of `family`, which outlives it.
template <class Family>
Handler handler(Family* family, loop::Awaitable<Outcome> (Family::*method)(RequestPtr)) {
  return [family, method](RequestPtr request) { return (family->*method)(std::move(request)); };
}

}  // namespace quay::daemon::commands
