// SPDX-License-Identifier: Apache-2.0
// capture.rework: a page made again from the raw page that was kept. Nothing is overwritten: each making is a
// generation with renditions of its own. Runs on the storage thread.
#pragma once

#include <vector>

#include "daemon/jobs/page_task.hpp"
#include "daemon/storage/journal.hpp"
#include "daemon/storage/spool.hpp"
#include "protocol/client/commands.hpp"

namespace quay::daemon::jobs {

inline constexpr std::int32_t kMostGenerations = 50;
inline constexpr std::int32_t kMostPapers = 20;  ///< on one glass; what seems more is one page

/// What was asked, checked. Errors: request_bad_argument.
Status check_rework(const protocol::CaptureReworkArguments& wanted);

/// Puts the row of the next generation. Inside a transaction. Errors: capture_unknown, document_too_large beyond
/// kMostGenerations, visit_closed, spool_full when there is no room for a page.
Result<PageTask> enlist_rework(storage::Journal& open, const storage::Spool& spool,
                               const protocol::CaptureReworkArguments& wanted);

/// Puts the rows of the pages that papers on one glass become, a generation each, made as the scan asked. Inside the
/// transaction that stores the whole page, so that either all of them will be made or none. None for one paper, for
/// more than kMostPapers, and when they would be more than kMostGenerations. Errors: journal_failed.
Result<std::vector<storage::GenerationRow>> enlist_papers(storage::Journal& open, const storage::CaptureRow& capture,
                                                          std::int32_t papers);

/// The order for a capture's page: its first making, or a later one.
PageTask page_task(const storage::CaptureRow& capture, const storage::GenerationRow* later = nullptr);
/// The same for one that may have been begun before.
PageTask task_of(storage::Journal& journal, const storage::CaptureRow& capture,
                 const storage::GenerationRow* later = nullptr);

/// The order for a generation that is in the journal. Errors: capture_unknown.
Result<PageTask> rework_task(storage::Journal& journal, const storage::GenerationRow& row);

}  // namespace quay::daemon::jobs
