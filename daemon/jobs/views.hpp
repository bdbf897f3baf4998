// SPDX-License-Identifier: Apache-2.0
// Rows of the journal as front ends see them.
#pragma once

#include "daemon/storage/journal.hpp"
#include "protocol/client/commands.hpp"

namespace quay::daemon::jobs {

protocol::Visit view(const storage::VisitRow& row);
protocol::VisitClosed closed_view(const storage::VisitRow& row);

/// Errors: journal_failed.
Result<protocol::Job> view(storage::Journal& journal, const storage::JobRow& row);
Result<protocol::Capture> view(storage::Journal& journal, const storage::CaptureRow& row);

/// The same with what is known of its newest page.
Result<protocol::Capture> full_view(storage::Journal& journal, const storage::CaptureRow& row);

/// How a print stands, as its row keeps it.
protocol::PrintReport print_report(const storage::PrintRow& row);

}  // namespace quay::daemon::jobs
