// SPDX-License-Identifier: Apache-2.0
// What the journal knows of delivery: which pages and documents their front end has acknowledged, which are set aside,
// and in which order the renditions of a visit came.
#include <algorithm>

#include "daemon/storage/journal_impl.hpp"
#include "protocol/json/reader.hpp"

namespace quay::daemon::storage {
namespace {

CaptureId read_capture_id(Columns& columns) { return CaptureId{columns.text()}; }
DocumentId read_document_id(Columns& columns) { return DocumentId{columns.text()}; }

template <class Row, class Id, class Find>
Status collect(const Result<std::vector<Id>>& ids, Find find, std::vector<Row>& into) {
  if (!ids) {
    return failure(ids.error());
  }
  for (const Id& id : *ids) {
    auto row = find(id);
    if (!row) {
      return failure(row.error());
    }
    if (*row) {
      into.push_back(**std::move(row));
    }
  }
  return {};
}

}  // namespace

Status Journal::acknowledge(const CaptureId& capture, const std::string& consumer) {
  Status ready = writable();
  return ready ? impl_->database.run("UPDATE capture SET acknowledged_by = ?2 WHERE capture = ?1", capture, consumer)
               : ready;
}

Status Journal::acknowledge(const DocumentId& document, const std::string& consumer) {
  Status ready = writable();
  return ready ? impl_->database.run("UPDATE document SET acknowledged_by = ?2 WHERE document = ?1", document, consumer)
               : ready;
}

Status Journal::set_discarded(const CaptureId& capture, bool discarded) {
  Status ready = writable();
  return ready ? impl_->database.run("UPDATE capture SET discarded = ?2 WHERE capture = ?1", capture, discarded)
               : ready;
}

Status Journal::forget_raw(const CaptureId& capture) {
  Status ready = writable();
  return ready ? impl_->database.run("UPDATE capture SET raw_kept = 0 WHERE capture = ?1", capture) : ready;
}

Result<Unacknowledged> Journal::unacknowledged() {
  Database& database = impl_->database;
  Unacknowledged found;
  const auto captures = database.select(
      "SELECT capture FROM capture AS c JOIN visit AS v ON v.visit = c.visit"
      " WHERE v.open = 1 AND acknowledged_by IS NULL AND discarded = 0 ORDER BY c.number",
      read_capture_id);
  Status done = collect(
      captures, [this](const CaptureId& id) { return capture(id); }, found.captures);
  if (done) {
    const auto documents = database.select(
        "SELECT document FROM document AS d JOIN visit AS v ON v.visit = d.visit"
        " WHERE v.open = 1 AND acknowledged_by IS NULL ORDER BY d.number",
        read_document_id);
    done = collect(
        documents, [this](const DocumentId& id) { return document(id); }, found.documents);
  }
  if (!done) {
    return failure(done.error());
  }
  return found;
}

Result<std::vector<CaptureRow>> Journal::raws_to_drop(std::int32_t most) {
  const auto ids = impl_->database.select(
      "SELECT capture FROM capture AS c JOIN visit AS v ON v.visit = c.visit"
      " WHERE v.open = 1 AND acknowledged_by IS NOT NULL AND raw_kept = 1 AND state = 'ready' AND NOT EXISTS"
      " (SELECT 1 FROM generation AS g WHERE g.capture = c.capture AND g.state = 'captured')"
      " ORDER BY c.number LIMIT ?1",
      read_capture_id, most);
  std::vector<CaptureRow> rows;
  if (Status done = collect(
          ids, [this](const CaptureId& id) { return capture(id); }, rows);
      !done) {
    return failure(done.error());
  }
  return rows;
}

Result<std::uint64_t> Journal::newest_rendition() {
  const auto read = [](Columns& columns) { return columns.integer<std::uint64_t>(); };
  const auto newest =
      impl_->database.select_one("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'rendition'", read);
  if (!newest) {
    return failure(newest.error());
  }
  return newest->value_or(0);
}

Result<std::optional<NumberedRendition>> Journal::rendition_after(const VisitId& visit, std::uint64_t number,
                                                                  const std::vector<std::string>& names) {
  const auto read = [](Columns& columns) {
    NumberedRendition found;
    found.number = columns.integer<std::uint64_t>();
    found.row.owner = columns.text();
    found.row.info.rendition = columns.text();
    return found;
  };
  const std::string wanted = protocol::json::serialize(protocol::json::value_from(names));
  auto found = impl_->database.select_one(
      "SELECT r.number, owner, rendition FROM rendition AS r LEFT JOIN capture AS c ON c.capture = owner"
      " LEFT JOIN document AS d ON d.document = owner"
      " WHERE r.number > ?2 AND (c.visit = ?1 OR d.visit = ?1) AND coalesce(c.discarded, 0) = 0"
      " AND rendition IN (SELECT value FROM json_each(?3)) ORDER BY r.number LIMIT 1",
      read, visit, number, wanted);
  if (!found || !*found) {
    return found;
  }
  auto whole = rendition((*found)->row.owner, (*found)->row.info.rendition);
  if (!whole) {
    return failure(whole.error());
  }
  (*found)->row = **std::move(whole);
  return found;
}

}  // namespace quay::daemon::storage
