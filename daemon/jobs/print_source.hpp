// SPDX-License-Identifier: Apache-2.0
// What a print prints, as it lies in the spool: read there, and kept there again as the print's own, so that what is
// sent after a power cut is what was asked for. On the storage thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "daemon/storage/journal.hpp"
#include "daemon/storage/spool.hpp"

namespace quay::daemon::jobs {

/// What this attempt at a print is called at the printer: nothing else has that name.
std::string print_name(const storage::PrintRow& print);

/// The file of a document of that visit, as it stands. Errors: document_unknown, rendition_unknown, spool_corrupt.
Result<std::vector<std::uint8_t>> document_bytes(storage::Journal& journal, const storage::Spool& spool,
                                                 const VisitId& visit, const DocumentId& document);

/// What an earlier print of that visit printed. Errors: job_unknown, spool_corrupt.
Result<std::vector<std::uint8_t>> printed_bytes(storage::Journal& journal, const storage::Spool& spool,
                                                const VisitId& visit, const JobId& print);

/// Where a print's document lies.
storage::ObjectName print_object(const VisitId& visit, const JobId& job);

}  // namespace quay::daemon::jobs
