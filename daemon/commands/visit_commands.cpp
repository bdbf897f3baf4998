// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/visit_commands.hpp"

#include "daemon/commands/ownership.hpp"
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

/// The visit and the key that proves whose it is. Only the key's digest was stored.
Success opened(Success success, std::string key) {
  success.result["visit_key"] = std::move(key);
  return success;
}

Outcome done_or(const Status& done, const protocol::Visit& visit) {
  return done ? Outcome(success(visit)) : Outcome(failure(done.error()));
}

}  // namespace

void VisitCommands::add_to(CommandSet& commands) {
  CommandEntry open{"visit.open", core::Role::front_end, Subject::none, Effect::starts,
                    handler(this, &VisitCommands::open)};
  open.repeat = [this](RequestPtr request, Success stored) {
    return open_again(std::move(request), std::move(stored));
  };
  CommandEntry adopt{"visit.adopt", kOwners, Subject::none, Effect::changes, handler(this, &VisitCommands::adopt)};
  adopt.repeat = open.repeat;
  commands.add(std::move(open));
  commands.add(std::move(adopt));
  commands.add({"visit.close", kOwners, Subject::visit, Effect::changes, handler(this, &VisitCommands::close), true});
}

Awaitable<Outcome> VisitCommands::open(RequestPtr request) {
  const VisitKey key = make_visit_key();
  const auto change = [request, digest = key.digest](storage::Journal& journal, storage::Spool&,
                                                     jobs::Events& events) -> Outcome {
    const storage::VisitRow row{VisitId{random_uuid()}, true, rfc3339_now()};
    const protocol::Visit visit = jobs::view(row);
    Status done = journal.put(row);
    if (done) {
      done = journal.add_visit_key(row.visit, request->peer.owner, digest);
    }
    if (done) {
      done = jobs::append(
          journal, events,
          jobs::make_event(protocol::topic::kVisitOpened, visit, row.visit.value, request->command.request_id));
    }
    return done_or(done, visit);
  };
  Outcome outcome = co_await services_.outcomes.commit(request, change);
  if (!outcome) {
    co_return failure(outcome.error());
  }
  co_return opened(std::move(*outcome), key.key);
}

/// The same visit with one more key: the key given first is not kept anywhere, and may be the one that arrives.
Awaitable<Outcome> VisitCommands::open_again(RequestPtr request, Success stored) {
  const VisitKey key = make_visit_key();
  const VisitId visit{std::string(stored.result.at("visit").as_string())};
  const auto add = [=, digest = key.digest](storage::Journal& journal, storage::Spool&, jobs::Events&) {
    return journal.transact([&](storage::Journal& open) -> Status {
      const auto access = open.visit_access(visit);
      if (!access) {
        return failure(access.error());
      }
      if (!*access || (*access)->owner != request->peer.owner) {
        return failure(Errc::visit_not_owner, request->command.cmd, "another account has taken the visit over");
      }
      return open.add_visit_key(visit, request->peer.owner, digest);
    });
  };
  const Status added = co_await services_.ledger.commit(add);
  if (!added) {
    co_return failure(added.error());
  }
  co_return opened(std::move(stored), key.key);
}

Awaitable<Outcome> VisitCommands::adopt(RequestPtr request) {
  const auto arguments = arguments_of<protocol::VisitArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const VisitId id{arguments->visit};
  const VisitKey key = make_visit_key();
  const bool technicians = services_.technician_may_adopt;
  const auto change = [=, digest = key.digest](storage::Journal& journal, storage::Spool&,
                                               jobs::Events& events) -> Outcome {
    Status done = check_adoption(journal, id, request->peer, technicians);
    if (done) {
      done = journal.revoke_visit_keys(id);
    }
    if (done) {
      done = journal.add_visit_key(id, request->peer.owner, digest);
    }
    const auto row = required(journal.visit(id), make_error(Errc::visit_unknown, "visit.adopt", quoted(id.value)));
    if (!done || !row) {
      return failure(done ? row.error() : done.error());
    }
    const protocol::Visit visit = jobs::view(*row);
    done =
        jobs::append(journal, events,
                     jobs::make_event(protocol::topic::kVisitHandedOver, visit, id.value, request->command.request_id));
    return done_or(done, visit);
  };
  Outcome outcome = co_await services_.outcomes.commit(request, change);
  if (!outcome) {
    co_return failure(outcome.error());
  }
  co_return opened(std::move(*outcome), key.key);
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
    return done_or(done, closed);
  };
  co_return co_await services_.outcomes.commit(request, change);
}

}  // namespace quay::daemon::commands
