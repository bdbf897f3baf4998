// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/session_commands.hpp"

#include "daemon/commands/query.hpp"
#include "daemon/jobs/views.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

namespace {

constexpr std::int32_t kMostReplayed = 200;

}  // namespace

void SessionCommands::add_to(CommandSet& commands) {
  commands.add({"hello", core::kEverybody, Subject::none, Effect::reads, handler(this, &SessionCommands::hello)});
  commands.add(
      {"state.get", core::kEverybody, Subject::none, Effect::reads, handler(this, &SessionCommands::state_get)});
  commands.add({"replay", core::kEverybody, Subject::none, Effect::reads, handler(this, &SessionCommands::replay)});
}

Awaitable<Outcome> SessionCommands::hello(RequestPtr) {
  protocol::HelloResult result;
  result.api = "1.0";
  result.version = services_.version;
  result.journal = services_.journal_id;
  result.seq = services_.ledger.last_sequence();
  result.features = {"replay", "scan"};
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
