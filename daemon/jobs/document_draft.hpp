// SPDX-License-Identifier: Apache-2.0
// A revision of a document on its way: what an order makes of the rows that are there, the pages to bind, the file, and
// the rows that make it true. Each step runs on the storage thread; who calls them in order is commands/.
#pragma once

#include "daemon/jobs/document_view.hpp"
#include "daemon/jobs/image_pool.hpp"
#include "daemon/storage/spool.hpp"

namespace quay::daemon::jobs {

struct DocumentDraft {
  storage::DocumentRow row;  ///< as it will be
  documents::PageList pages;
  std::int32_t base = 0;  ///< the revision that it was made from; 0: a new document
  bool is_kept = false;   ///< the revision is in the journal: undo, redo, restore, or nothing changed
  bool has_file = false;  ///< its file is in the spool
};

/// Errors: visit_unknown, visit_closed, document_empty, document_too_large, document_code_invalid,
/// request_bad_argument, portal_unknown, portal_kind_unknown, and what find_page() says.
Result<DocumentDraft> new_document(storage::Journal& journal, const documents::PortalSet& portals,
                                   const protocol::DocumentAssembleArguments& wanted);

/// Errors: document_unknown, document_changed, visit_closed, and what edited() and step_target() say.
Result<DocumentDraft> edited_document(storage::Journal& journal, const protocol::DocumentEditArguments& wanted);

/// The document with what is said of it: code, ordinal, portal, kind, limit. Errors: as new_document().
Result<DocumentDraft> labelled_document(storage::Journal& journal, const documents::PortalSet& portals,
                                        const protocol::DocumentLabelArguments& wanted);

/// The pages' files, checked, ready for the image worker. Errors: capture_not_ready, spool_corrupt.
Result<BindOrder> open_pages(storage::Journal& journal, storage::Spool& spool, const DocumentDraft& draft);

/// Writes the file of the revision. Errors: spool_full, spool_failed.
Result<storage::RenditionRow> store_file(storage::Spool& spool, const DocumentDraft& draft,
                                         const BoundDocument& document);

/// Makes the revision the current one. Inside a transaction. Gives the names of files that are not kept any more: those
/// of all revisions but this one and the one it was made from. Errors: document_changed, visit_closed.
Result<std::vector<std::string>> record(storage::Journal& open, const DocumentDraft& draft,
                                        const std::optional<storage::RenditionRow>& file);

/// Removes files of the document; one that is not there is fine. Errors: spool_failed.
Status remove_files(storage::Spool& spool, const DocumentDraft& draft, const std::vector<std::string>& names);

}  // namespace quay::daemon::jobs
