// SPDX-License-Identifier: Apache-2.0
// Documents as front ends see them, from the rows of the journal: the document, its manifest, the facts that pre-flight
// asks for. Reads only; runs on the storage thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "daemon/documents/page_list.hpp"
#include "daemon/documents/portal_book.hpp"
#include "daemon/documents/preflight.hpp"
#include "daemon/storage/journal.hpp"

namespace quay::daemon::jobs {

/// A revision with the name of its file.
struct DocumentState {
  storage::DocumentRow row;
  documents::PageList pages;
  std::vector<documents::RevisionLink> tree;
};

/// Pages as a revision's row keeps them, and back. A row that cannot be read any more has no pages.
std::string text_of(const documents::PageList& pages);
documents::PageList pages_of(const std::string& text);

/// The document at its current revision. Errors: document_unknown, naming `operation`.
Result<DocumentState> document_state(storage::Journal& journal, const DocumentId& id, const std::string& operation);

/// A page that may go into a document of `visit`: generation 0 is the newest of the whole picture that is ready.
/// Errors: capture_unknown (not of this visit), capture_not_ready, image_unsupported (a generation that is a picture,
/// not a PDF).
Result<documents::PageRef> find_page(storage::Journal& journal, const VisitId& visit, const CaptureId& capture,
                                     std::int32_t generation);

/// All pages that a capture gives a document: one, or one of each paper that lay on the glass. Errors: as find_page().
Result<documents::PageList> find_pages(storage::Journal& journal, const VisitId& visit, const CaptureId& capture);

/// The stored page of each. Errors: capture_not_ready.
Result<std::vector<storage::RenditionRow>> stored_pages(storage::Journal& journal, const documents::PageList& pages);

/// Errors: rendition_unknown when the file of the current revision is not there.
Result<protocol::Document> view(storage::Journal& journal, const documents::PortalSet& portals,
                                const DocumentState& state);

/// Errors: as view().
Result<protocol::Manifest> manifest(storage::Journal& journal, const documents::PortalSet& portals,
                                    const DocumentState& state);

/// What pre-flight needs to know of a document, or of a capture handed over as the picture it is.
Result<documents::FileFacts> document_facts(storage::Journal& journal, const DocumentState& state);
Result<documents::FileFacts> capture_facts(storage::Journal& journal, const VisitId& visit, const CaptureId& capture);

/// SHA-256 of each chunk of a manifest.
std::vector<std::string> chunk_digests(std::span<const std::uint8_t> bytes);

}  // namespace quay::daemon::jobs
