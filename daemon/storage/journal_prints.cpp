// SPDX-License-Identifier: Apache-2.0
// Prints: how far each has come, so that none is sent twice, whoever dies when.
#include "daemon/storage/journal_impl.hpp"

namespace quay::daemon::storage {
namespace {

// Columns are read in the order in which the SELECTs name them.
PrintRow read_print(Columns& columns) {
  PrintRow row;
  row.job.value = columns.text();
  row.visit.value = columns.text();
  row.report = columns.text();
  row.bytes = columns.integer<std::uint64_t>();
  row.sha256 = columns.text();
  row.attempt = columns.integer<std::int32_t>();
  row.printer_job = columns.integer<std::int32_t>();
  row.sent = columns.integer<int>() != 0;
  row.withdrawn = columns.integer<int>() != 0;
  return row;
}

}  // namespace

Status Journal::put(const PrintRow& row) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  const int sent = row.sent ? 1 : 0;
  const int withdrawn = row.withdrawn ? 1 : 0;
  return impl_->database.run(
      "INSERT INTO print(job, visit, report, bytes, sha256, attempt, printer_job, sent, withdrawn)"
      " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
      " ON CONFLICT(job) DO UPDATE SET report = excluded.report, attempt = excluded.attempt,"
      " printer_job = excluded.printer_job, sent = excluded.sent, withdrawn = excluded.withdrawn",
      row.job, row.visit, row.report, row.bytes, row.sha256, row.attempt, row.printer_job, sent, withdrawn);
}

Result<std::optional<PrintRow>> Journal::print(const JobId& id) {
  return impl_->database.select_one(
      "SELECT job, visit, report, bytes, sha256, attempt, printer_job, sent, withdrawn FROM print WHERE job = ?1",
      read_print, id);
}

}  // namespace quay::daemon::storage
