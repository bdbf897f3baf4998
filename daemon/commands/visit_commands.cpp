// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/visit_commands.hpp"

#include <algorithm>

#include "daemon/commands/access.hpp"
#include "daemon/commands/ownership.hpp"
#include "daemon/commands/query.hpp"
#include "daemon/jobs/clock_reading.hpp"
#include "daemon/jobs/open_visit.hpp"
#include "daemon/jobs/views.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

namespace {

constexpr core::Roles kOwners = core::Role::front_end | core::Role::technician;
constexpr std::size_t kLongestOperator = 32;
constexpr std::size_t kLongestProcedure = 64;

/// A code, not a name: what cannot be one is refused before it is written anywhere.
bool is_code(const std::string& text, std::size_t longest, std::string_view also) {
  const auto allowed = [also](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || also.find(c) != std::string_view::npos;
  };
  return text.size() <= longest && std::all_of(text.begin(), text.end(), allowed);
}

Status check(const protocol::VisitOpenArguments& arguments) {
  if (!is_code(arguments.operator_id, kLongestOperator, "._-")) {
    return failure(Errc::request_bad_argument, "visit.open",
                   "/args/operator_id: a staff code of 1 to 32 characters A-Z, a-z, 0-9, '.', '_', '-' was expected");
  }
  if (!is_code(arguments.procedure, kLongestProcedure, "._-/")) {
    return failure(Errc::request_bad_argument, "visit.open",
                   "/args/procedure: a code of 1 to 64 characters A-Z, a-z, 0-9, '.', '_', '-', '/' was expected");
  }
  return {};
}

Result<protocol::VisitDetails> details(storage::Journal& journal, const storage::VisitRow& row) {
  const auto consents = journal.consents(row.visit);
  const auto counters = row.purged ? Result<storage::VisitCounters>(row.counters) : journal.count(row.visit);
  if (!consents || !counters) {
    return failure(consents ? counters.error() : consents.error());
  }
  const auto unless_empty = [](const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
  };
  protocol::VisitDetails visit;
  visit.visit = row.visit.value;
  visit.state = row.open ? "open" : "closed";
  visit.opened_at = row.opened_at;
  visit.operator_id = row.operator_id;
  visit.procedure = row.procedure;
  visit.pages = counters->pages;
  visit.documents = counters->documents;
  visit.bytes = counters->bytes;
  visit.delivered_at = unless_empty(row.delivered_at);
  visit.closed_at = unless_empty(row.closed_at);
  visit.reason = unless_empty(row.close_reason);
  for (const storage::ConsentRow& consent : *consents) {
    const auto kind = protocol::enum_from_name<protocol::ConsentKind>(consent.kind);
    if (kind) {
      visit.consents.push_back(protocol::Consent{{}, *kind, consent.given_at, unless_empty(consent.withdrawn_at)});
    }
  }
  return visit;
}

/// That document is delivered, or all of the visit. True when nothing of it is left to deliver: its row says so then.
/// Inside a transaction.
Result<bool> note_delivered(storage::Journal& journal, storage::VisitRow& row,
                            const std::optional<std::string>& document) {
  if (document) {
    const DocumentId id{*document};
    const auto known = journal.document(id);
    if (!known || !*known || (*known)->visit != row.visit) {
      return failure(known ? make_error(Errc::document_unknown, "visit.delivered", quoted(id.value)) : known.error());
    }
    if (Status marked = journal.set_delivered(id, rfc3339_now()); !marked) {
      return failure(marked.error());
    }
  }
  const auto all = document ? journal.all_delivered(row.visit) : Result<bool>(true);
  if (!all || !*all) {
    return all;
  }
  row.delivered_at = rfc3339_now();
  const Status put = journal.put(row);
  return put ? all : failure(put.error());
}

/// The visit and the key that proves whose it is. Only the key's digest was stored.
Success opened(Success success, const std::string& key) {
  success.result["visit_key"] = key;
  return success;
}

struct NewVisit {
  storage::VisitRow row;
  std::string owner_digest;
};

/// The row and the keys of a new visit, and the event. Inside a transaction.
Outcome make_visit(storage::Journal& journal, storage::Spool& spool, jobs::Events& events, const Request& request,
                   const NewVisit& visit_made) {
  const storage::VisitRow& row = visit_made.row;
  const auto key = spool.keys().make(row.visit);
  if (!key) {
    return failure(key.error());
  }
  const protocol::Visit visit = jobs::view(row);
  Status done = journal.put(row);
  if (done) {
    done = journal.keep_key(row.visit, *key);
  }
  if (done) {
    done = journal.add_visit_key(row.visit, request.peer.owner, visit_made.owner_digest);
  }
  if (done) {
    done = jobs::append(
        journal, events,
        jobs::make_event(protocol::topic::kVisitOpened, visit, row.visit.value, request.command.request_id));
  }
  if (!done) {
    return failure(done.error());
  }
  spool.keys().add(row.visit, *key);
  return success(visit);
}

}  // namespace

void VisitCommands::add_to(CommandSet& commands) {
  CommandEntry open{"visit.open", core::Role::front_end, Subject::none, Effect::starts,
                    handler(this, &VisitCommands::open)};
  open.access = Access::logged;
  open.repeat = [this](RequestPtr request, Success stored) {
    return open_again(std::move(request), std::move(stored));
  };
  CommandEntry adopt{"visit.adopt", kOwners, Subject::none, Effect::changes, handler(this, &VisitCommands::adopt)};
  adopt.access = Access::logged;
  adopt.repeat = open.repeat;
  CommandEntry consent{"visit.consent", core::Role::front_end, Subject::visit, Effect::changes,
                       handler(this, &VisitCommands::consent)};
  consent.access = Access::logged;
  CommandEntry delivered{"visit.delivered", core::Role::front_end, Subject::visit, Effect::changes,
                         handler(this, &VisitCommands::delivered)};
  delivered.access = Access::logged;
  commands.add(std::move(open));
  commands.add(std::move(adopt));
  commands.add(std::move(consent));
  commands.add(std::move(delivered));
  commands.add({"visit.close", kOwners, Subject::visit, Effect::changes, handler(this, &VisitCommands::close), true});
  commands.add({"visit.get", core::Role::front_end, Subject::visit, Effect::reads, handler(this, &VisitCommands::get)});
  commands.add({"visit.list", core::kEverybody, Subject::none, Effect::reads, handler(this, &VisitCommands::list)});
}

Awaitable<Outcome> VisitCommands::open(RequestPtr request) {
  const auto arguments = arguments_of<protocol::VisitOpenArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (const Status good = check(*arguments); !good) {
    co_return failure(good.error());
  }
  storage::VisitRow row;
  row.visit.value = random_uuid();
  row.opened_at = rfc3339_now();
  row.operator_id = arguments->operator_id;
  row.procedure = arguments->procedure;
  row.touched = jobs::to_row(jobs::read_clocks());
  const VisitKey key = make_visit_key();
  const auto made = std::make_shared<const NewVisit>(NewVisit{row, key.digest});
  const auto change = [request, made](storage::Journal& journal, storage::Spool& spool, jobs::Events& events) {
    return make_visit(journal, spool, events, *request, *made);
  };
  Outcome outcome = co_await services_.outcomes.commit(request, change);
  if (!outcome) {
    co_return failure(outcome.error());
  }
  services_.visits.watch(row);
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
    return done ? Outcome(success(visit)) : Outcome(failure(done.error()));
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
  co_return co_await end(request, arguments->visit, "closed");
}

/// The outcome is stored with the purge itself: a repeat gets it again.
Awaitable<Outcome> VisitCommands::end(RequestPtr request, std::string visit, std::string reason) {
  jobs::VisitEnd wanted{
      VisitId{std::move(visit)}, std::move(reason), access_record(*request), request->command.request_id, {}};
  wanted.keep = [request](storage::Journal& journal, const protocol::VisitClosed& closed) {
    return Outcomes::keep_inside(journal, *request, success(closed));
  };
  const auto closed = co_await services_.visits.end(std::move(wanted));
  if (!closed) {
    co_return failure(closed.error());
  }
  co_return success(*closed);
}

Awaitable<Outcome> VisitCommands::consent(RequestPtr request) {
  const auto arguments = arguments_of<protocol::ConsentArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const auto change = [request, wanted = *arguments](storage::Journal& journal, storage::Spool&,
                                                     jobs::Events&) -> Outcome {
    const auto row = jobs::open_visit(journal, VisitId{wanted.visit}, request->command.cmd);
    if (!row) {
      return failure(row.error());
    }
    storage::ConsentRow consent{row->visit, protocol::enum_name(wanted.kind), rfc3339_now(), row->operator_id, {}};
    if (!wanted.given) {
      consent.withdrawn_at = consent.given_at;
    }
    if (Status put = journal.put(consent); !put) {
      return failure(put.error());
    }
    const auto seen = details(journal, *row);
    return seen ? Outcome(success(*seen)) : Outcome(failure(seen.error()));
  };
  Outcome outcome = co_await services_.outcomes.commit(request, change);
  if (outcome && !arguments->given) {
    take_back(VisitId{arguments->visit}, arguments->kind);
  }
  co_return std::move(outcome);
}

/// What runs on a consent that was withdrawn ends; what a chip said and nobody has fetched is forgotten.
void VisitCommands::take_back(const VisitId& visit, protocol::ConsentKind kind) {
  services_.capture_jobs.cancel_in(visit, kind);
  if (kind == protocol::ConsentKind::chip) {
    services_.cards.forget_chips(visit);
  }
}

Awaitable<Outcome> VisitCommands::delivered(RequestPtr request) {
  const auto arguments = arguments_of<protocol::DeliveredArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  auto complete = std::make_shared<bool>(false);
  const auto change = [request, wanted = *arguments, complete](storage::Journal& journal, storage::Spool&,
                                                               jobs::Events&) -> Outcome {
    auto row = jobs::open_visit(journal, VisitId{wanted.visit}, request->command.cmd);
    if (!row) {
      return failure(row.error());
    }
    const auto all = note_delivered(journal, *row, wanted.document);
    if (!all) {
      return failure(all.error());
    }
    *complete = *all;
    const auto seen = details(journal, *row);
    return seen ? Outcome(success(*seen)) : Outcome(failure(seen.error()));
  };
  Outcome outcome = co_await services_.outcomes.commit(request, change);
  if (outcome && *complete && services_.visits.purges_when_delivered()) {
    services_.visits.end_soon(VisitId{arguments->visit}, "delivered");
  }
  co_return outcome;
}

Awaitable<Outcome> VisitCommands::get(RequestPtr request) {
  const auto arguments = arguments_of<protocol::VisitArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const auto look = [id = arguments->visit](storage::Journal& journal,
                                            storage::Spool&) -> Result<protocol::VisitDetails> {
    const auto row = required(journal.visit(VisitId{id}), make_error(Errc::visit_unknown, "visit.get", quoted(id)));
    return row ? details(journal, *row) : failure(row.error());
  };
  Result<protocol::VisitDetails> visit = co_await services_.ledger.run(look);
  if (!visit) {
    co_return failure(visit.error());
  }
  if (const auto life = services_.visits.life(VisitId{visit->visit})) {
    visit->seconds_left = std::chrono::duration_cast<std::chrono::seconds>(life->left).count();
  }
  co_return success(*visit);
}

Awaitable<Outcome> VisitCommands::list(RequestPtr) {
  const auto look = [](storage::Journal& journal, storage::Spool&) { return journal.open_visits(); };
  const Result<std::vector<storage::VisitRow>> rows = co_await services_.ledger.run(look);
  if (!rows) {
    co_return failure(rows.error());
  }
  protocol::VisitListResult result;
  std::transform(rows->begin(), rows->end(), std::back_inserter(result.visits),
                 [](const storage::VisitRow& row) { return jobs::view(row); });
  co_return success(result);
}

}  // namespace quay::daemon::commands
