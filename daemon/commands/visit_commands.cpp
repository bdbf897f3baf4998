// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/visit_commands.hpp"

#include "daemon/commands/query.hpp"
#include "daemon/jobs/views.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

namespace {

constexpr core::Roles kOwners = core::Role::front_end | core::Role::technician;

/// The files first, then the rows, so that no row ever speaks of a file that should be gone.
Status erase(storage::Journal& journal, storage::Spool& spool, const storage::VisitRow& closed) {
  Status done = spool.remove_visit(closed.visit);
  if (done) {
    done = journal.erase_visit(closed.visit);
  }
  if (done) {
    done = journal.put(closed);
  }
  return done;
}

}  // namespace

void VisitCommands::add_to(CommandSet& commands) {
  commands.add(
      {"visit.open", core::Role::front_end, Subject::none, Effect::starts, handler(this, &VisitCommands::open)});
  commands.add({"visit.close", kOwners, Subject::visit, Effect::changes, handler(this, &VisitCommands::close)});
}

Awaitable<Outcome> VisitCommands::open(RequestPtr request) {
  const auto change = [request](storage::Journal& journal, storage::Spool&, jobs::Events& events) -> Outcome {
    const storage::VisitRow row{VisitId{random_uuid()}, true, rfc3339_now()};
    const protocol::Visit visit = jobs::view(row);
    if (Status put = journal.put(row); !put) {
      return failure(put.error());
    }
    protocol::Event event =
        jobs::make_event(protocol::topic::kVisitOpened, visit, row.visit.value, request->command.request_id);
    if (Status appended = jobs::append(journal, events, std::move(event)); !appended) {
      return failure(appended.error());
    }
    return success(visit);
  };
  co_return co_await services_.outcomes.commit(request, change);
}

Awaitable<Outcome> VisitCommands::close(RequestPtr request) {
  const auto arguments = arguments_of<protocol::VisitArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const VisitId id{arguments->visit};
  if (services_.scans.runs_in(id)) {
    co_return failure(Errc::device_busy, request->command.cmd,
                      "a job of this visit still runs: cancel it or wait for its end");
  }
  const auto change = [=](storage::Journal& journal, storage::Spool& spool, jobs::Events& events) -> Outcome {
    auto row = required(journal.visit(id), make_error(Errc::visit_unknown, request->command.cmd, quoted(id.value)));
    if (!row) {
      return failure(row.error());
    }
    const bool was_open = std::exchange(row->open, false);
    const protocol::Visit closed = jobs::view(*row);
    Status done = was_open ? erase(journal, spool, *row) : Status();
    if (done && was_open) {
      done =
          jobs::append(journal, events,
                       jobs::make_event(protocol::topic::kVisitClosed, closed, id.value, request->command.request_id));
    }
    return done ? Outcome(success(closed)) : Outcome(failure(done.error()));
  };
  co_return co_await services_.outcomes.commit(request, change);
}

}  // namespace quay::daemon::commands
