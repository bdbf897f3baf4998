// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/session_commands.hpp"

#include "daemon/commands/query.hpp"
#include "daemon/jobs/views.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

namespace {

constexpr std::int32_t kMostReplayed = 200;

std::vector<std::string> names_of(core::Roles roles) {
  std::vector<std::string> names;
  for (const auto& [role, name] :
       {std::pair(core::Role::viewer, "viewer"), std::pair(core::Role::front_end, "front_end"),
        std::pair(core::Role::technician, "technician")}) {
    if (roles.any_of(role)) {
      names.emplace_back(name);
    }
  }
  return names;
}

protocol::Limits limits_of(const GuardLimits& guard) {
  protocol::Limits limits;
  limits.command_bytes = static_cast<std::int32_t>(protocol::kLargestCommand);
  limits.chunk_bytes = static_cast<std::int32_t>(protocol::kLargestChunk);
  limits.commands_per_second = static_cast<std::int32_t>(guard.connection.per_second);
  limits.commands_in_flight = static_cast<std::int32_t>(guard.connection_in_flight);
  limits.lease_seconds =
      static_cast<std::int32_t>(std::chrono::duration_cast<std::chrono::seconds>(core::kLongestLease).count());
  return limits;
}

Status check_version(const protocol::HelloArguments& arguments) {
  if (arguments.api_from <= protocol::kApiVersion && protocol::kApiVersion <= arguments.api_to) {
    return {};
  }
  return failure(Errc::request_version, "hello",
                 "the program speaks " + std::to_string(arguments.api_from) + " to " +
                     std::to_string(arguments.api_to) + ", quayd speaks " + std::to_string(protocol::kApiVersion));
}

}  // namespace

void SessionCommands::add_to(CommandSet& commands) {
  commands.add({"hello", core::kEverybody, Subject::none, Effect::reads, handler(this, &SessionCommands::hello)});
  commands.add(
      {"state.get", core::kEverybody, Subject::none, Effect::reads, handler(this, &SessionCommands::state_get)});
  commands.add({"replay", core::kEverybody, Subject::none, Effect::reads, handler(this, &SessionCommands::replay)});
}

Awaitable<Outcome> SessionCommands::hello(RequestPtr request) {
  const auto arguments = arguments_of<protocol::HelloArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (const Status fits = check_version(*arguments); !fits) {
    co_return failure(fits.error());
  }
  services_.peers.name_program(request->from.peer, arguments->name);
  protocol::HelloResult result;
  result.api = "1.0";
  result.version = services_.version;
  result.journal = services_.journal_id;
  result.seq = services_.ledger.last_sequence();
  result.features = {"leases", "replay", "scan", "visit_keys"};
  result.peer = request->peer.name;
  result.roles = names_of(request->peer.roles);
  result.limits = limits_of(services_.guard.limits());
  co_return success(result);
}

Awaitable<Outcome> SessionCommands::state_get(RequestPtr) {
  const auto work = [](storage::Journal& journal, storage::Spool&) { return journal.open_visits(); };
  const Result<std::vector<storage::VisitRow>> visits = co_await services_.ledger.run(work);
  if (!visits) {
    co_return failure(visits.error());
  }
  protocol::StateResult result;
  result.journal = services_.journal_id;
  result.seq = services_.ledger.last_sequence();
  result.devices = services_.devices.snapshot();
  result.jobs = services_.scans.running();
  result.leases = services_.leases.snapshot();
  for (const storage::VisitRow& visit : *visits) {
    result.visits.push_back(jobs::view(visit));
  }
  co_return success(result);
}

Awaitable<Outcome> SessionCommands::replay(RequestPtr request) {
  const auto arguments = arguments_of<protocol::ReplayArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const std::uint64_t from = arguments->from;
  const std::int32_t limit = std::clamp(arguments->limit, 1, kMostReplayed);
  const auto work = [from, limit](storage::Journal& journal, storage::Spool&) { return journal.events(from, limit); };
  const Result<std::vector<std::string>> events = co_await services_.ledger.run(work);
  if (!events) {
    co_return failure(events.error());
  }
  protocol::ReplayResult result;
  result.journal = services_.journal_id;
  result.seq = services_.ledger.last_sequence();
  for (const std::string& event : *events) {
    result.events.push_back(protocol::json::parse(event).as_object());
  }
  co_return success(result);
}

}  // namespace quay::daemon::commands
