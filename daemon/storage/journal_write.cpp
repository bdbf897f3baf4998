// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "daemon/storage/journal_impl.hpp"
#include "protocol/json/reader.hpp"

namespace quay::daemon::storage {
namespace {

template <class E>
std::string text_of(E value) {
  return protocol::enum_name(value);
}

}  // namespace

Status Journal::writable() const {
  if (!impl_->database.in_transaction()) {
    return failure(Errc::bug, "journal.write", "outside transact()");
  }
  return {};
}

Status Journal::put(const JobRow& row) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  const std::string state = text_of(row.state);
  return impl_->database.run(
      "INSERT INTO job(job, visit, device, kind, state, arguments, error, created_at)"
      " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
      " ON CONFLICT(job) DO UPDATE SET visit = excluded.visit, device = excluded.device, kind = excluded.kind,"
      " state = excluded.state, arguments = excluded.arguments, error = excluded.error,"
      " created_at = excluded.created_at",
      row.job, row.visit, row.device, row.kind, state, row.arguments, row.error, row.created_at);
}

Status Journal::put(const CaptureRow& row) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  const std::string state = text_of(row.state);
  return impl_->database.run(
      "INSERT INTO capture(capture, visit, job, device, page, state, profile, geometry, adjusted, raw_bytes,"
      " raw_sha256, error) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
      " ON CONFLICT(capture) DO UPDATE SET visit = excluded.visit, job = excluded.job, device = excluded.device,"
      " page = excluded.page, state = excluded.state, profile = excluded.profile, geometry = excluded.geometry,"
      " adjusted = excluded.adjusted, raw_bytes = excluded.raw_bytes, raw_sha256 = excluded.raw_sha256,"
      " error = excluded.error",
      row.capture, row.visit, row.job, row.device, row.page, state, row.profile, row.geometry, row.adjusted,
      row.raw_bytes, row.raw_sha256, row.error);
}

Status Journal::put(const RenditionRow& row) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  if (Status counted = impl_->database.run("UPDATE meta SET value = value + 1 WHERE key = 'rendition'"); !counted) {
    return counted;
  }
  const protocol::RenditionInfo& info = row.info;
  return impl_->database.run(
      "INSERT INTO rendition(owner, rendition, media_type, bytes, sha256, width, height, dpi, width_mm, height_mm,"
      " report, number) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
      " (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'rendition'))"
      " ON CONFLICT(owner, rendition) DO UPDATE SET media_type = excluded.media_type, bytes = excluded.bytes,"
      " sha256 = excluded.sha256, width = excluded.width, height = excluded.height, dpi = excluded.dpi,"
      " width_mm = excluded.width_mm, height_mm = excluded.height_mm, report = excluded.report,"
      " number = excluded.number",
      row.owner, info.rendition, info.media_type, info.bytes, info.sha256, info.width, info.height, info.dpi,
      info.width_mm, info.height_mm, row.report);
}

}  // namespace quay::daemon::storage
