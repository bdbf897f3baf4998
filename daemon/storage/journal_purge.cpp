// SPDX-License-Identifier: Apache-2.0
// How a visit leaves the journal: its key first, then, when its files are gone, every row and every word that speaks of
// what was on its pages. A table that belongs to a visit has its line in kErasures.
#include "daemon/storage/journal_impl.hpp"

namespace quay::daemon::storage {
namespace {

constexpr std::string_view kEraseRenditions =
    "DELETE FROM rendition WHERE owner IN (SELECT capture FROM capture WHERE visit = ?1"
    " UNION ALL SELECT document FROM document WHERE visit = ?1)";

/// The statements of erase_visit, each with the visit as ?1. References before what they refer to. Events keep their
/// number, type and time, so that nobody who replays sees a gap.
constexpr std::string_view kErasures[] = {
    kEraseRenditions,
    "DELETE FROM document WHERE visit = ?1",
    "DELETE FROM capture WHERE visit = ?1",
    "DELETE FROM print WHERE visit = ?1",
    "DELETE FROM consent WHERE visit = ?1",
    "DELETE FROM visit_key WHERE visit = ?1",
    "UPDATE request SET result = json_object('visit', ?1) WHERE result ->> '$.visit' = ?1",
    "UPDATE job SET arguments = '', error = NULL WHERE visit = ?1",
    "UPDATE event SET text = json_set(text, '$.data', json('{\"erased\":true}')) WHERE visit = ?1"
    " AND substr(text ->> '$.type', 1, 6) <> 'visit.'",
};

}  // namespace

Status Journal::destroy_key(const VisitRow& closed) {
  const Status gone = transact([&](Journal& journal) -> Status {
    Database& database = journal.impl_->database;
    Status done = database.run("UPDATE visit_key SET wrapped = hex(zeroblob(length(wrapped) / 2)) WHERE visit = ?1",
                               closed.visit);
    if (done) {
      done = database.run("DELETE FROM visit_key WHERE visit = ?1", closed.visit);
    }
    return done ? journal.put(closed) : done;
  });
  return gone ? scrub() : gone;
}

Result<VisitCounters> Journal::count(const VisitId& visit) {
  const auto read = [](Columns& columns) {
    VisitCounters counters;
    counters.pages = columns.integer<std::int32_t>();
    counters.documents = columns.integer<std::int32_t>();
    counters.bytes = columns.integer<std::uint64_t>();
    return counters;
  };
  const auto counted = impl_->database.select_one(
      "SELECT (SELECT count(*) FROM capture WHERE visit = ?1), (SELECT count(*) FROM document WHERE visit = ?1),"
      " (SELECT coalesce(sum(raw_bytes), 0) FROM capture WHERE visit = ?1) + (SELECT coalesce(sum(bytes), 0)"
      " FROM rendition WHERE owner IN (SELECT capture FROM capture WHERE visit = ?1"
      " UNION ALL SELECT document FROM document WHERE visit = ?1))",
      read, visit);
  if (!counted) {
    return failure(counted.error());
  }
  return counted->value_or(VisitCounters{});
}

Status Journal::erase_visit(const VisitId& visit) {
  if (!impl_->database.in_transaction()) {
    return transact([&visit](Journal& journal) { return journal.erase_visit(visit); });
  }
  for (const std::string_view erasure : kErasures) {
    if (Status erased = impl_->database.run(erasure, visit); !erased) {
      return erased;
    }
  }
  return {};
}

Status Journal::scrub() {
  if (impl_->failed) {
    return failure(Errc::journal_failed, "journal.scrub", "a sync failed before: open the journal anew");
  }
  return impl_->database.scrub();
}

}  // namespace quay::daemon::storage
