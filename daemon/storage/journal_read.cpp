// SPDX-License-Identifier: Apache-2.0
#include "daemon/storage/journal_impl.hpp"
#include "protocol/json/reader.hpp"

namespace quay::daemon::storage {
namespace {

// Columns are read in the order in which the SELECTs name them. A state this build does not know reads as `other`.

template <class E>
E enum_of(const std::string& text) {
  return protocol::enum_from_name<E>(text).value_or(E::other);
}

std::string text_column(Columns& columns) { return columns.text(); }

JobRow read_job(Columns& columns) {
  JobRow row;
  row.job.value = columns.text();
  row.visit.value = columns.text();
  row.device.value = columns.text();
  row.kind = columns.text();
  row.state = enum_of<protocol::JobState>(columns.text());
  row.arguments = columns.text();
  row.error = columns.optional_text();
  row.created_at = columns.text();
  return row;
}

CaptureRow read_capture(Columns& columns) {
  CaptureRow row;
  row.capture.value = columns.text();
  row.visit.value = columns.text();
  row.job.value = columns.text();
  row.device.value = columns.text();
  row.page = columns.integer<std::int32_t>();
  row.state = enum_of<protocol::CaptureState>(columns.text());
  row.profile = columns.text();
  row.geometry = columns.text();
  row.adjusted = columns.text();
  row.raw_bytes = columns.integer<std::uint64_t>();
  row.raw_sha256 = columns.text();
  row.error = columns.optional_text();
  row.acknowledged_by = columns.optional_text();
  row.discarded = columns.integer<int>() != 0;
  row.raw_kept = columns.integer<int>() != 0;
  return row;
}

RenditionRow read_rendition(Columns& columns) {
  RenditionRow row;
  row.owner = columns.text();
  row.info.rendition = columns.text();
  row.info.media_type = columns.text();
  row.info.bytes = columns.integer<std::uint64_t>();
  row.info.sha256 = columns.text();
  row.info.width = columns.integer<std::int32_t>();
  row.info.height = columns.integer<std::int32_t>();
  row.info.dpi = columns.real();
  row.info.width_mm = columns.real();
  row.info.height_mm = columns.real();
  row.report = columns.text();
  return row;
}

Status collect(Database& database, std::string_view sql, std::set<std::string>& into) {
  auto rows = database.select(sql, text_column);
  if (!rows) {
    return failure(rows.error());
  }
  into.insert(rows->begin(), rows->end());
  return {};
}

}  // namespace

Result<std::optional<JobRow>> Journal::job(const JobId& id) {
  return impl_->database.select_one(
      "SELECT job, visit, device, kind, state, arguments, error, created_at FROM job WHERE job = ?1", read_job, id);
}

Result<std::optional<CaptureRow>> Journal::capture(const CaptureId& id) {
  return impl_->database.select_one(
      "SELECT capture, visit, job, device, page, state, profile, geometry, adjusted, raw_bytes, raw_sha256, error,"
      " acknowledged_by, discarded, raw_kept FROM capture WHERE capture = ?1",
      read_capture, id);
}

Result<std::optional<RenditionRow>> Journal::rendition(const std::string& owner, const std::string& name) {
  return impl_->database.select_one(
      "SELECT owner, rendition, media_type, bytes, sha256, width, height, dpi, width_mm, height_mm, report"
      " FROM rendition WHERE owner = ?1 AND rendition = ?2",
      read_rendition, owner, name);
}

Result<std::vector<RenditionRow>> Journal::renditions(const std::string& owner) {
  return impl_->database.select(
      "SELECT owner, rendition, media_type, bytes, sha256, width, height, dpi, width_mm, height_mm, report"
      " FROM rendition WHERE owner = ?1 ORDER BY rendition",
      read_rendition, owner);
}

Result<std::vector<JobRow>> Journal::unfinished_jobs() {
  return impl_->database.select(
      "SELECT job, visit, device, kind, state, arguments, error, created_at FROM job"
      " WHERE state IN ('queued', 'running') ORDER BY number",
      read_job);
}

Result<std::vector<CaptureRow>> Journal::captures(const VisitId& visit, const std::optional<JobId>& job) {
  const std::optional<std::string> only = job ? std::optional(job->value) : std::nullopt;
  return impl_->database.select(
      "SELECT capture, c.visit, c.job, c.device, page, c.state, profile, geometry, adjusted, raw_bytes, raw_sha256,"
      " c.error, acknowledged_by, discarded, raw_kept FROM capture AS c JOIN job AS j ON j.job = c.job"
      " WHERE c.visit = ?1 AND (?2 IS NULL OR c.job = ?2) ORDER BY j.number, page, c.number",
      read_capture, visit, only);
}

Result<std::vector<CaptureRow>> Journal::unprocessed_captures() {
  return impl_->database.select(
      "SELECT capture, visit, job, device, page, state, profile, geometry, adjusted, raw_bytes, raw_sha256, error,"
      " acknowledged_by, discarded, raw_kept FROM capture WHERE state = 'captured' ORDER BY number",
      read_capture);
}

Result<std::vector<CaptureRow>> Journal::captures_without_text() {
  return impl_->database.select(
      "SELECT capture, visit, job, device, page, state, profile, geometry, adjusted, raw_bytes, raw_sha256, error,"
      " acknowledged_by, discarded, raw_kept FROM capture"
      " WHERE state = 'ready' AND raw_kept = 1 AND discarded = 0"
      " AND EXISTS (SELECT 1 FROM rendition WHERE owner = capture AND rendition = 'page')"
      " AND NOT EXISTS (SELECT 1 FROM rendition WHERE owner = capture AND rendition = 'text') ORDER BY number",
      read_capture);
}

Result<SpoolIndex> Journal::spool_index() {
  SpoolIndex index;
  Database& database = impl_->database;
  Status done =
      collect(database, "SELECT visit FROM capture UNION SELECT visit FROM document UNION SELECT visit FROM print",
              index.visits);
  if (done) {
    done = collect(database, "SELECT visit FROM visit WHERE open = 1", index.visits);
  }
  if (done) {
    done = collect(
        database, "SELECT capture FROM capture UNION ALL SELECT document FROM document UNION ALL SELECT job FROM print",
        index.owners);
  }
  if (done) {
    done = collect(database,
                   "SELECT capture || '.raw' FROM capture WHERE raw_kept = 1 UNION ALL SELECT owner || '.' || "
                   "rendition FROM rendition UNION ALL SELECT job || '.print' FROM print",
                   index.objects);
  }
  if (!done) {
    return failure(done.error());
  }
  return index;
}

}  // namespace quay::daemon::storage
