// SPDX-License-Identifier: Apache-2.0
// Documents with their revisions, and the generations of captures: rows that edits add to and never change.
#include "daemon/storage/journal_impl.hpp"
#include "protocol/json/reader.hpp"

namespace quay::daemon::storage {
namespace {

// Columns are read in the order in which the SELECTs name them.

DocumentRow read_document(Columns& columns) {
  DocumentRow row;
  row.document.value = columns.text();
  row.visit.value = columns.text();
  row.revision = columns.integer<std::int32_t>();
  row.code = columns.text();
  row.ordinal = columns.integer<std::int32_t>();
  row.portal = columns.text();
  row.kind = columns.text();
  row.max_bytes = columns.integer<std::uint64_t>();
  return row;
}

RevisionRow read_revision(Columns& columns) {
  RevisionRow row;
  row.document.value = columns.text();
  row.revision = columns.integer<std::int32_t>();
  row.parent = columns.integer<std::int32_t>();
  row.pages = columns.text();
  return row;
}

GenerationRow read_generation(Columns& columns) {
  GenerationRow row;
  row.capture.value = columns.text();
  row.generation = columns.integer<std::int32_t>();
  row.state = protocol::enum_from_name<protocol::CaptureState>(columns.text()).value_or(protocol::CaptureState::other);
  row.profile = columns.text();
  row.settings = columns.text();
  row.error = columns.optional_text();
  return row;
}

}  // namespace

Status Journal::put(const DocumentRow& row) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  return impl_->database.run(
      "INSERT INTO document(document, visit, revision, code, ordinal, portal, kind, max_bytes)"
      " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
      " ON CONFLICT(document) DO UPDATE SET"  // what the portal has is the revision that was delivered
      " delivered_at = CASE WHEN revision = excluded.revision THEN delivered_at ELSE '' END,"
      " revision = excluded.revision, code = excluded.code,"
      " ordinal = excluded.ordinal, portal = excluded.portal, kind = excluded.kind, max_bytes = excluded.max_bytes",
      row.document, row.visit, row.revision, row.code, row.ordinal, row.portal, row.kind, row.max_bytes);
}

Status Journal::put(const RevisionRow& row) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  return impl_->database.run("INSERT INTO document_revision(document, revision, parent, pages) VALUES(?1, ?2, ?3, ?4)",
                             row.document, row.revision, row.parent, row.pages);
}

Status Journal::put(const GenerationRow& row) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  const std::string state = protocol::enum_name(row.state);
  return impl_->database.run(
      "INSERT INTO generation(capture, generation, state, profile, settings, error) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
      " ON CONFLICT(capture, generation) DO UPDATE SET state = excluded.state, error = excluded.error",
      row.capture, row.generation, state, row.profile, row.settings, row.error);
}

Status Journal::drop_rendition(const std::string& owner, const std::string& name) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  return impl_->database.run("DELETE FROM rendition WHERE owner = ?1 AND rendition = ?2", owner, name);
}

Result<std::optional<DocumentRow>> Journal::document(const DocumentId& id) {
  return impl_->database.select_one(
      "SELECT document, visit, revision, code, ordinal, portal, kind, max_bytes FROM document WHERE document = ?1",
      read_document, id);
}

Result<std::vector<DocumentRow>> Journal::documents(const VisitId& visit) {
  return impl_->database.select(
      "SELECT document, visit, revision, code, ordinal, portal, kind, max_bytes FROM document WHERE visit = ?1"
      " ORDER BY number",
      read_document, visit);
}

Result<std::optional<RevisionRow>> Journal::revision(const DocumentId& document, std::int32_t number) {
  return impl_->database.select_one(
      "SELECT document, revision, parent, pages FROM document_revision WHERE document = ?1 AND revision = ?2",
      read_revision, document, number);
}

Result<std::vector<std::pair<std::int32_t, std::int32_t>>> Journal::revision_tree(const DocumentId& document) {
  const auto read = [](Columns& columns) {
    const auto revision = columns.integer<std::int32_t>();
    return std::pair(revision, columns.integer<std::int32_t>());
  };
  return impl_->database.select("SELECT revision, parent FROM document_revision WHERE document = ?1 ORDER BY revision",
                                read, document);
}

Result<std::optional<GenerationRow>> Journal::generation(const CaptureId& capture, std::int32_t number) {
  return impl_->database.select_one(
      "SELECT capture, generation, state, profile, settings, error FROM generation"
      " WHERE capture = ?1 AND generation = ?2",
      read_generation, capture, number);
}

Result<std::vector<GenerationRow>> Journal::generations(const CaptureId& capture) {
  return impl_->database.select(
      "SELECT capture, generation, state, profile, settings, error FROM generation WHERE capture = ?1"
      " ORDER BY generation",
      read_generation, capture);
}

Result<std::vector<GenerationRow>> Journal::unprocessed_generations() {
  return impl_->database.select(
      "SELECT capture, generation, state, profile, settings, error FROM generation WHERE state = 'captured'"
      " ORDER BY capture, generation",
      read_generation);
}

Result<std::vector<GenerationRow>> Journal::generations_without_text() {
  return impl_->database.select(
      "SELECT g.capture, g.generation, g.state, g.profile, g.settings, g.error FROM generation g"
      " JOIN capture c ON c.capture = g.capture WHERE g.state = 'ready' AND c.raw_kept = 1 AND c.discarded = 0"
      " AND NOT EXISTS (SELECT 1 FROM rendition r WHERE r.owner = g.capture AND r.rendition = 'text-' || g.generation)"
      " ORDER BY g.capture, g.generation",
      read_generation);
}

}  // namespace quay::daemon::storage
