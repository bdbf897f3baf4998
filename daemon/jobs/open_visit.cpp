// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/open_visit.hpp"

namespace quay::daemon::jobs {

Result<storage::VisitRow> open_visit(storage::Journal& journal, const VisitId& visit, const std::string& operation) {
  auto row = journal.visit(visit);
  if (!row) {
    return failure(row.error());
  }
  if (!*row) {
    return failure(Errc::visit_unknown, operation, "\"" + visit.value.substr(0, 64) + "\"");
  }
  if (!(*row)->open) {
    return failure(Errc::visit_closed, operation, visit.value);
  }
  return **std::move(row);
}

Status check_open(storage::Journal& journal, const VisitId& visit, const std::string& operation) {
  const auto row = open_visit(journal, visit, operation);
  return row ? Status() : Status(failure(row.error()));
}

}  // namespace quay::daemon::jobs
