// SPDX-License-Identifier: Apache-2.0
// Is a visit still open? What is done for a citizen is done within a visit that is; the one place that decides.
#pragma once

#include <string>

#include "daemon/storage/journal.hpp"

namespace quay::daemon::jobs {

/// Its row. `operation` is what was asked for, for the error. Errors: visit_unknown, visit_closed; journal_failed.
Result<storage::VisitRow> open_visit(storage::Journal& journal, const VisitId& visit, const std::string& operation);

/// The same where the row is not needed.
Status check_open(storage::Journal& journal, const VisitId& visit, const std::string& operation);

}  // namespace quay::daemon::jobs
