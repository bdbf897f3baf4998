// SPDX-License-Identifier: Apache-2.0
// The journal's rows of visits: who opened them, how old they are, their keys and consents; and where the access log
// ends.
#include "daemon/storage/journal_impl.hpp"

namespace quay::daemon::storage {
namespace {

constexpr std::string_view kById =
    "SELECT visit, open, opened_at, operator, procedure, boot_id, boot_ms, wall_ms, age_ms,"
    " delivered_at, closed_at, close_reason, purged, pages, documents, bytes FROM visit WHERE visit = ?1";
constexpr std::string_view kOpen =
    "SELECT visit, open, opened_at, operator, procedure, boot_id, boot_ms, wall_ms, age_ms,"
    " delivered_at, closed_at, close_reason, purged, pages, documents, bytes FROM visit WHERE purged = 0 AND open = 1"
    " ORDER BY number";
constexpr std::string_view kUnpurged =
    "SELECT visit, open, opened_at, operator, procedure, boot_id, boot_ms, wall_ms, age_ms,"
    " delivered_at, closed_at, close_reason, purged, pages, documents, bytes FROM visit WHERE purged = 0 AND open = 0"
    " ORDER BY number";

VisitRow read_visit(Columns& columns) {
  VisitRow row;
  row.visit.value = columns.text();
  row.open = columns.integer<int>() != 0;
  row.opened_at = columns.text();
  row.operator_id = columns.text();
  row.procedure = columns.text();
  row.touched.boot_id = columns.text();
  row.touched.boot_ms = columns.integer<std::int64_t>();
  row.touched.wall_ms = columns.integer<std::int64_t>();
  row.age_ms = columns.integer<std::int64_t>();
  row.delivered_at = columns.text();
  row.closed_at = columns.text();
  row.close_reason = columns.text();
  row.purged = columns.integer<int>() != 0;
  row.counters.pages = columns.integer<std::int32_t>();
  row.counters.documents = columns.integer<std::int32_t>();
  row.counters.bytes = columns.integer<std::uint64_t>();
  return row;
}

ConsentRow read_consent(Columns& columns) {
  ConsentRow row;
  row.visit.value = columns.text();
  row.kind = columns.text();
  row.given_at = columns.text();
  row.operator_id = columns.text();
  row.withdrawn_at = columns.text();
  return row;
}

std::int64_t read_number(Columns& columns) { return columns.integer<std::int64_t>(); }

}  // namespace

Status Journal::put(const VisitRow& row) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  return impl_->database.run(
      "INSERT INTO visit(visit, open, opened_at, operator, procedure, boot_id, boot_ms,"
      " wall_ms, age_ms, delivered_at, closed_at, close_reason, purged, pages, documents, bytes)"
      " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
      " ON CONFLICT(visit) DO UPDATE SET open = excluded.open, opened_at = excluded.opened_at,"
      " operator = excluded.operator, procedure = excluded.procedure,"
      " boot_id = excluded.boot_id, boot_ms = excluded.boot_ms,"
      " wall_ms = excluded.wall_ms, age_ms = excluded.age_ms, delivered_at = excluded.delivered_at,"
      " closed_at = excluded.closed_at, close_reason = excluded.close_reason, purged = excluded.purged,"
      " pages = excluded.pages, documents = excluded.documents, bytes = excluded.bytes",
      row.visit, row.open, row.opened_at, row.operator_id, row.procedure, row.touched.boot_id, row.touched.boot_ms,
      row.touched.wall_ms, row.age_ms, row.delivered_at, row.closed_at, row.close_reason, row.purged,
      row.counters.pages, row.counters.documents, row.counters.bytes);
}

Result<std::optional<VisitRow>> Journal::visit(const VisitId& id) {
  return impl_->database.select_one(kById, read_visit, id);
}

Result<std::vector<VisitRow>> Journal::open_visits() { return impl_->database.select(kOpen, read_visit); }

Result<std::vector<VisitRow>> Journal::unpurged_visits() { return impl_->database.select(kUnpurged, read_visit); }

Status Journal::put(const ConsentRow& row) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  return impl_->database.run(
      "INSERT INTO consent(visit, kind, given_at, operator, withdrawn_at) VALUES(?1, ?2, ?3, ?4, ?5)"
      " ON CONFLICT(visit, kind) DO UPDATE SET given_at = excluded.given_at, operator = excluded.operator,"
      " withdrawn_at = excluded.withdrawn_at",
      row.visit, row.kind, row.given_at, row.operator_id, row.withdrawn_at);
}

Result<std::vector<ConsentRow>> Journal::consents(const VisitId& visit) {
  return impl_->database.select(
      "SELECT visit, kind, given_at, operator, withdrawn_at FROM consent WHERE visit = ?1 ORDER BY number",
      read_consent, visit);
}

Result<bool> Journal::has_consent(const VisitId& visit, const std::string& kind) {
  const auto found = impl_->database.select_one(
      "SELECT count(*) FROM consent JOIN visit USING(visit)"
      " WHERE visit = ?1 AND kind = ?2 AND withdrawn_at = '' AND open = 1",
      read_number, visit, kind);
  if (!found) {
    return failure(found.error());
  }
  return found->value_or(0) > 0;
}

Status Journal::keep_key(const VisitId& visit, const std::string& wrapped) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  return impl_->database.run("INSERT INTO visit_key(visit, wrapped) VALUES(?1, ?2)", visit, wrapped);
}

Result<std::vector<std::pair<VisitId, std::string>>> Journal::keys() {
  const auto read = [](Columns& columns) {
    VisitId visit{columns.text()};
    return std::pair(std::move(visit), columns.text());
  };
  return impl_->database.select("SELECT visit, wrapped FROM visit_key", read);
}

Status Journal::bind_service_key(const std::string& key_id) {
  const auto read = [](Columns& columns) { return columns.text(); };
  const auto bound = impl_->database.select_one("SELECT value FROM meta WHERE key = 'service_key'", read);
  const auto wrapped = impl_->database.select_one("SELECT count(*) FROM visit_key", read_number);
  if (!bound || !wrapped) {
    return failure(bound ? wrapped.error() : bound.error());
  }
  if (*bound == key_id) {
    return {};
  }
  if (*bound && wrapped->value_or(0) > 0) {
    return failure(Errc::key_unusable, "service key",
                   "visits are open that were sealed with key " + **bound + "; this is key " + key_id +
                       ": bring the old one back until they are closed");
  }
  return transact([&](Journal& journal) {
    return journal.impl_->database.run(
        "INSERT INTO meta VALUES('service_key', ?1) ON CONFLICT(key) DO UPDATE SET value = excluded.value", key_id);
  });
}

Status Journal::set_delivered(const DocumentId& document, const std::string& at) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  return impl_->database.run("UPDATE document SET delivered_at = ?2 WHERE document = ?1", document, at);
}

Result<bool> Journal::all_delivered(const VisitId& visit) {
  const auto waiting = impl_->database.select_one(
      "SELECT count(*) > 0 AND count(*) = sum(delivered_at <> '') FROM document WHERE visit = ?1", read_number, visit);
  if (!waiting) {
    return failure(waiting.error());
  }
  return waiting->value_or(0) != 0;
}

Status Journal::put(const AccessHead& head) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  return impl_->database.run(
      "INSERT INTO access_head VALUES(1, ?1, ?2) ON CONFLICT(id) DO UPDATE SET n = excluded.n, hash = excluded.hash",
      head.n, head.hash);
}

Result<AccessHead> Journal::access_head() {
  const auto read = [](Columns& columns) {
    const auto n = columns.integer<std::uint64_t>();
    return AccessHead{n, columns.text()};
  };
  const auto head = impl_->database.select_one("SELECT n, hash FROM access_head", read);
  if (!head) {
    return failure(head.error());
  }
  return head->value_or(AccessHead{});
}

}  // namespace quay::daemon::storage
