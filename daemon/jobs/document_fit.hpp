// SPDX-License-Identifier: Apache-2.0
// A document that is larger than its portal takes: its heaviest pages are made anew from their originals, each under a
// limit of bytes, as new generations beside what there is. What would not be legible any more is not made smaller.
#pragma once

#include <memory>

#include "daemon/jobs/document_draft.hpp"
#include "daemon/jobs/image_pool.hpp"

namespace quay::daemon::jobs {

/// The most bytes that the document may have, by its portal and by its own limit; 0: no limit.
std::uint64_t size_limit(const documents::PortalSet& portals, const storage::DocumentRow& row);

/// The same pages with lighter generations, their files together at most `limit` if that can be. The draft as it was
/// when no page could be made lighter. Errors: what the journal says.
loop::Awaitable<Result<DocumentDraft>> fitted(Ledger& ledger, ImagePool& images, DocumentDraft draft,
                                              std::uint64_t limit);

}  // namespace quay::daemon::jobs
