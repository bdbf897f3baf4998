// SPDX-License-Identifier: Apache-2.0
// Whose a visit is, and what wishes came to.
#include "daemon/storage/journal_impl.hpp"

namespace quay::daemon::storage {
namespace {

RequestRow read_request(Columns& columns) {
  RequestRow row;
  row.owner = columns.text();
  row.request.value = columns.text();
  row.digest = columns.text();
  if (std::optional<std::string> job = columns.optional_text()) {
    row.job = JobId{*std::move(job)};
  }
  row.result = columns.text();
  row.at = columns.text();
  return row;
}

}  // namespace

Status Journal::put(const RequestRow& row) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  const std::optional<std::string> job = row.job ? std::optional(row.job->value) : std::nullopt;
  return impl_->database.run(
      "INSERT INTO request(owner, request, digest, job, result, at) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
      " ON CONFLICT(owner, request) DO UPDATE SET digest = excluded.digest, job = excluded.job,"
      " result = excluded.result, at = excluded.at",
      row.owner, row.request, row.digest, job, row.result, row.at);
}

Result<std::optional<RequestRow>> Journal::request(const std::string& owner, const RequestId& id) {
  return impl_->database.select_one(
      "SELECT owner, request, digest, job, result, at FROM request WHERE owner = ?1 AND request = ?2", read_request,
      owner, id);
}

Status Journal::forget_requests_before(const std::string& at) {
  return transact([&](Journal&) -> Status {
    Status done = impl_->database.run("DELETE FROM request WHERE at < ?1", at);
    // Whose a purged visit was is only asked when one of its wishes is repeated.
    return done ? impl_->database.run(
                      "DELETE FROM visit_access WHERE visit IN"
                      " (SELECT visit FROM visit WHERE purged = 1 AND closed_at < ?1)",
                      at)
                : done;
  });
}

Status Journal::add_visit_key(const VisitId& visit, const std::string& owner, const std::string& key_digest) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  Status done = impl_->database.run("INSERT INTO visit_access(visit, owner, key_digest) VALUES(?1, ?2, ?3)", visit,
                                    owner, key_digest);
  if (done) {
    done = impl_->database.run(
        "DELETE FROM visit_access WHERE visit = ?1 AND number NOT IN"
        " (SELECT number FROM visit_access WHERE visit = ?1 ORDER BY number DESC LIMIT ?2)",
        visit, kMostVisitKeys);
  }
  return done;
}

Status Journal::revoke_visit_keys(const VisitId& visit) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  return impl_->database.run("DELETE FROM visit_access WHERE visit = ?1", visit);
}

Result<std::optional<VisitAccess>> Journal::visit_access(const VisitId& visit) {
  const auto read = [](Columns& columns) {
    std::string owner = columns.text();
    return std::pair(std::move(owner), columns.text());
  };
  auto rows = impl_->database.select("SELECT owner, key_digest FROM visit_access WHERE visit = ?1 ORDER BY number DESC",
                                     read, visit);
  if (!rows) {
    return failure(rows.error());
  }
  if (rows->empty()) {
    return std::optional<VisitAccess>();
  }
  VisitAccess access;
  access.owner = rows->front().first;
  for (auto& [owner, key_digest] : *rows) {
    access.key_digests.push_back(std::move(key_digest));
  }
  return std::optional(std::move(access));
}

}  // namespace quay::daemon::storage
