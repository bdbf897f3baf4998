// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/session_commands.hpp"

#include <algorithm>

#include "daemon/commands/query.hpp"
#include "daemon/jobs/document_view.hpp"
#include "daemon/jobs/views.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

namespace {

constexpr std::int32_t kMostReplayed = 200;
constexpr std::size_t kMostTopics = 32;

/// Everything but the devices, at one moment of the journal: no event can come in between.
Result<protocol::StateResult> look(storage::Journal& journal) {
  const auto visits = journal.open_visits();
  const auto unfinished = journal.unfinished_jobs();
  if (!visits || !unfinished) {
    return failure(visits ? unfinished.error() : visits.error());
  }
  protocol::StateResult state;
  state.journal = journal.id();
  state.seq = journal.last_sequence();
  for (const storage::VisitRow& visit : *visits) {
    state.visits.push_back(jobs::view(visit));
  }
  for (const storage::JobRow& row : *unfinished) {
    auto job = jobs::view(journal, row);
    if (!job) {
      return failure(job.error());
    }
    state.jobs.push_back(std::move(*job));
  }
  return state;
}

/// What stands for the events that are gone.
Status list_open(storage::Journal& journal, protocol::ReplayResult& result) {
  const auto open = journal.unacknowledged();
  if (!open) {
    return failure(open.error());
  }
  result.truncated = true;
  for (const storage::CaptureRow& row : open->captures) {
    result.captures.push_back(
        {{}, row.capture.value, row.visit.value, row.job.value, row.page, protocol::enum_name(row.state)});
  }
  for (const storage::DocumentRow& row : open->documents) {
    const auto state = jobs::document_state(journal, row.document, "replay");
    if (!state) {
      return failure(state.error());
    }
    result.documents.push_back(
        {{}, row.document.value, row.visit.value, static_cast<std::int32_t>(state->pages.size())});
  }
  return {};
}

Result<protocol::ReplayResult> replay_from(storage::Journal& journal, storage::Spool&,
                                           const protocol::ReplayArguments& wanted) {
  if (wanted.topics.size() > kMostTopics) {
    return failure(Errc::request_bad_argument, "replay", "/args/topics: at most 32 were expected");
  }
  const std::uint64_t from = std::max<std::uint64_t>(wanted.from, 1);
  const auto page = journal.events(from, std::clamp(wanted.limit, 1, kMostReplayed), wanted.topics);
  if (!page) {
    return failure(page.error());
  }
  protocol::ReplayResult result;
  result.journal = journal.id();
  result.seq = journal.last_sequence();
  result.oldest = page->oldest;
  result.next = page->next;
  for (const std::string& event : page->texts) {
    result.events.push_back(protocol::json::parse(event).as_object());
  }
  if (from < page->oldest) {
    if (Status listed = list_open(journal, result); !listed) {
      return failure(listed.error());
    }
  }
  return result;
}

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
  limits.fetches_in_flight = static_cast<std::int32_t>(guard.fetches_in_flight);
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
  result.features = {"acknowledge", "follow", "leases", "print", "replay", "scan", "visit_keys"};
  result.peer = request->peer.name;
  result.roles = names_of(request->peer.roles);
  result.limits = limits_of(services_.guard.limits());
  co_return success(result);
}

/// The devices are looked at last: they may be newer than `seq`, whose events then tell the same again, never older.
Awaitable<Outcome> SessionCommands::state_get(RequestPtr) {
  const auto work = [](storage::Journal& journal, storage::Spool&) { return look(journal); };
  Result<protocol::StateResult> state = co_await services_.ledger.run(work);
  if (!state) {
    co_return failure(state.error());
  }
  state->devices = services_.devices.snapshot();
  state->leases = services_.leases.snapshot();
  co_return success(*state);
}

Awaitable<Outcome> SessionCommands::replay(RequestPtr request) {
  return query<protocol::ReplayArguments>(services_, std::move(request), replay_from);
}

}  // namespace quay::daemon::commands
