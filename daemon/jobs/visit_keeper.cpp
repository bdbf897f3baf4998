// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/visit_keeper.hpp"

#include "daemon/jobs/clock_reading.hpp"
#include "daemon/jobs/views.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::jobs {

using loop::Awaitable;

namespace {

/// How much of an idle time a crash may forget; forgetting makes a visit older, never younger.
constexpr core::Span kWriteDownEvery = std::chrono::minutes(1);

/// The last page reaches its front end a moment before its job is over: who closes the visit then is not refused.
constexpr Milliseconds kLastMoment{2'000};

audit::AccessRecord by_itself(const std::string& action) {
  audit::AccessRecord record;
  record.peer = "quayd";
  record.action = action;
  return record;
}

Result<storage::VisitRow> find(storage::Journal& journal, const VisitId& id) {
  auto row = journal.visit(id);
  if (!row) {
    return failure(row.error());
  }
  if (!*row) {
    return failure(Errc::visit_unknown, "visit.close", "\"" + id.value.substr(0, 64) + "\"");
  }
  return **std::move(row);
}

/// What a start finds: visits whose purge was interrupted or whose key is not there, and the others.
struct FoundVisits {
  std::vector<VisitEnd> over;
  std::vector<storage::VisitRow> open;
};

Status find_visits(storage::Journal& journal, const storage::Spool& spool, FoundVisits& found) {
  auto unpurged = journal.unpurged_visits();
  auto open = journal.open_visits();
  if (!unpurged || !open) {
    return failure(unpurged ? open.error() : unpurged.error());
  }
  for (const storage::VisitRow& row : *unpurged) {
    found.over.push_back(VisitEnd{row.visit, row.close_reason, by_itself("visit.purge"), {}, {}});
  }
  for (storage::VisitRow& row : *open) {
    const auto key = spool.keys().open(row.visit);
    if (!key && key.error().code == Errc::visit_closed) {
      found.over.push_back(VisitEnd{row.visit, "no_key", by_itself("visit.purge"), {}, {}});
    } else if (!key) {
      return failure(key.error());
    } else {
      found.open.push_back(std::move(row));
    }
  }
  return {};
}

/// What is not there or not open any more needs no age.
Status put_life(storage::Journal& open, const VisitId& id, const core::VisitLife& life) {
  auto row = open.visit(id);
  if (!row || !*row || !(*row)->open) {
    return {};
  }
  (*row)->touched = to_row(life.touched);
  (*row)->age_ms = life.age.count();
  return open.put(**row);
}

}  // namespace

Awaitable<Status> VisitKeeper::recover() {
  auto found = std::make_shared<FoundVisits>();
  const auto look = [found](storage::Journal& journal, storage::Spool& spool) {
    return find_visits(journal, spool, *found);
  };
  const Status looked = co_await ledger_.run(look);
  if (!looked) {
    co_return looked;
  }
  if (const Status& damage = vault_->log.damage(); !damage) {
    log_.error("{}", describe(damage.error()));
    audit::AccessRecord record = by_itself("access_log.damage");
    record.result = "audit.broken";
    const Status noted = co_await note(record);
    if (!noted) {
      co_return noted;
    }
  }
  for (const storage::VisitRow& row : found->open) {
    watch(row);
  }
  for (const VisitEnd& over : found->over) {
    log_.info("visit {} is purged: {}", over.visit.value, over.reason);
    const auto purged = co_await end(over);
    if (!purged) {
      log_.error("visit {}: {}", over.visit.value, describe(purged.error()));
    }
  }
  co_return Status();
}

void VisitKeeper::watch(const storage::VisitRow& row) {
  const core::VisitLife life = life_of(row);
  watched_[row.visit] = Watched{life, life};
}

void VisitKeeper::used(const VisitId& visit) {
  const auto found = watched_.find(visit);
  if (found == watched_.end()) {
    return;
  }
  if (const auto touched = core::touch(found->second.life, limits_, read_clocks())) {
    found->second.life = *touched;
    found->second.warned = false;
  }
}

std::optional<core::LifeVerdict> VisitKeeper::life(const VisitId& visit) const {
  const auto found = watched_.find(visit);
  return found == watched_.end() ? std::nullopt
                                 : std::optional(core::judge(found->second.life, limits_, read_clocks()));
}

void VisitKeeper::tick() {
  const core::ClockReading now = read_clocks();
  std::map<VisitId, core::VisitLife> changed;
  for (auto& [id, visit] : watched_) {
    look_at(id, visit, now);
    const core::Span behind = visit.life.touched.boot - visit.written.touched.boot;
    if (behind >= kWriteDownEvery || visit.life.touched.boot_id != visit.written.touched.boot_id) {
      visit.written = visit.life;
      changed[id] = visit.life;
    }
  }
  if (!changed.empty()) {
    tasks_.spawn("visit ages", write_down(std::move(changed)));
  }
  if (std::exchange(log_moved_, false)) {
    tasks_.spawn("access log", anchor());
  }
}

/// A job that runs is use: it never makes a visit idle, but the hard limit stops it.
void VisitKeeper::look_at(const VisitId& id, Watched& visit, const core::ClockReading& now) {
  const bool runs = running_.runs_in(id);
  if (runs && !visit.ending) {
    visit.life = core::touch(visit.life, limits_, now).value_or(visit.life);
  }
  const core::LifeVerdict verdict = core::judge(visit.life, limits_, now);
  if (verdict.over) {
    visit.ending = std::string(core::name(*verdict.over));
  } else if (verdict.warning && !std::exchange(visit.warned, true)) {
    protocol::VisitExpiring warning;
    warning.visit = id.value;
    warning.reason = std::string(core::name(*verdict.warning));
    warning.seconds_left = std::chrono::duration_cast<std::chrono::seconds>(verdict.left).count();
    tasks_.spawn("visit warning", warn(std::move(warning)));
  }
  if (visit.ending) {
    running_.cancel_in(id);
  }
  if (visit.ending && !runs && going_.insert(id).second) {
    tasks_.spawn("visit end", expire(id, *visit.ending));
  }
}

void VisitKeeper::end_soon(const VisitId& visit, std::string reason) {
  if (const auto found = watched_.find(visit); found != watched_.end()) {
    found->second.ending = std::move(reason);
    look_at(visit, found->second, read_clocks());
  }
}

Awaitable<void> VisitKeeper::warn(protocol::VisitExpiring warning) {
  const protocol::Event event = make_event(protocol::topic::kVisitExpiring, warning, warning.visit);
  const Ledger::Change change = [event](storage::Journal& journal, storage::Spool&, Events& events) {
    return journal.transact([&](storage::Journal& open) { return append(open, events, event); });
  };
  const Status committed = co_await ledger_.commit(change);
  if (!committed) {
    log_.error("visit {}: {}", warning.visit, describe(committed.error()));
  }
}

Awaitable<void> VisitKeeper::expire(VisitId id, std::string reason) {
  const VisitEnd over{id, reason, by_itself("visit.expire"), {}, {}};
  log_.info("visit {} ends: {}", id.value, over.reason);
  const auto purged = co_await end(over);
  if (!purged) {
    log_.error("visit {}: {}", id.value, describe(purged.error()));
  }
  going_.erase(id);  // when it failed, the next tick tries again
}

Awaitable<Result<protocol::VisitClosed>> VisitKeeper::end(VisitEnd wanted) {
  const VisitId visit = wanted.visit;
  const Deadline by = deadline_in(kLastMoment);
  const bool idle = co_await running_.wait_idle(visit, by);
  if (idle) {
    co_await texts_.leave(visit);
  }
  if (!idle || running_.runs_in(visit)) {  // a print may have been accepted while the words were let go
    co_return failure(Errc::device_busy, "visit.close",
                      "a job of this visit still runs: cancel it or wait for its end");
  }
  auto closed = std::make_shared<protocol::VisitClosed>();
  const auto shared = std::make_shared<const VisitEnd>(std::move(wanted));
  const Ledger::Change change = [=, vault = vault_](storage::Journal& journal, storage::Spool& spool,
                                                    Events& events) -> Status {
    auto row = find(journal, shared->visit);
    if (!row) {
      return failure(row.error());
    }
    *closed = closed_view(*row);
    if (row->purged) {
      return {};
    }
    storage::Purger purger(journal, spool, vault->log, vault->reserve);
    const auto announce = [&](storage::Journal& open, const storage::PurgeReceipt& receipt) -> Status {
      *closed = closed_view(receipt.visit);
      closed->receipt = protocol::PurgeReceipt{{}, receipt.n, receipt.hash};
      events.clear();
      Status kept = append(open, events,
                           make_event(protocol::topic::kVisitClosed, *closed, shared->visit.value, shared->request_id));
      return kept && shared->keep ? shared->keep(open, *closed) : kept;
    };
    const storage::PurgeOrder order{*std::move(row), shared->reason, rfc3339_now(), shared->who};
    const auto purged = purger.purge(order, announce);
    return purged ? Status() : Status(failure(purged.error()));
  };
  const Status committed = co_await ledger_.commit(change);
  log_moved_ = true;
  if (!committed) {
    co_return failure(committed.error());
  }
  watched_.erase(shared->visit);
  running_.cancel_in(shared->visit);  // one that was accepted while the purge was under way
  co_return *closed;
}

Awaitable<Status> VisitKeeper::note(audit::AccessRecord record, FindVisit find) {
  record.at = rfc3339_now();
  const auto write = [record = std::move(record), find = std::move(find), vault = vault_](
                         storage::Journal& journal, storage::Spool&) mutable -> Status {
    if (const auto visit = record.visit.empty() && find ? find(journal) : std::nullopt) {
      record.visit = visit->value;
    }
    if (const auto row = journal.visit(VisitId{record.visit}); row && *row) {
      record.who = (*row)->operator_id;
      record.why = (*row)->procedure;
    }
    const auto written = vault->log.append(record);
    return written ? Status() : Status(failure(written.error()));
  };
  log_moved_ = true;
  co_return co_await ledger_.run(write);
}

Awaitable<void> VisitKeeper::write_down(std::map<VisitId, core::VisitLife> lives) {
  const Ledger::Change change = [lives = std::move(lives)](storage::Journal& journal, storage::Spool&, Events&) {
    return journal.transact([&](storage::Journal& open) -> Status {
      Status put;
      for (auto life = lives.begin(); put && life != lives.end(); ++life) {
        put = put_life(open, life->first, life->second);
      }
      return put;
    });
  };
  const Status written = co_await ledger_.commit(change);
  if (!written) {
    log_.error("visits: {}", describe(written.error()));
  }
}

Awaitable<void> VisitKeeper::anchor() {
  const auto write = [vault = vault_](storage::Journal& journal, storage::Spool&) {
    return vault->log.anchor(journal);
  };
  const Status written = co_await ledger_.run(write);
  if (!written) {
    log_.error("access log: {}", describe(written.error()));
  }
}

}  // namespace quay::daemon::jobs
