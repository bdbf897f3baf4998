// SPDX-License-Identifier: Apache-2.0
// The pages of a document and what an edit makes of them. Pure: knows no journal and no pixel. A revision is a list of
// pages that never changes; an edit makes the next one, undo and redo only choose among those there are.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "protocol/client/documents.hpp"

namespace quay::daemon::documents {

/// One page: a capture in one of its generations, turned clockwise by 0, 90, 180 or 270 degrees, with its words or not.
struct PageRef {
  CaptureId capture;
  std::int32_t generation = 1;
  std::int32_t rotate_deg = 0;
  bool text = false;
  bool operator==(const PageRef&) const = default;
};

using PageList = std::vector<PageRef>;

/// A node of the tree of revisions. The first has parent 0.
struct RevisionLink {
  std::int32_t revision = 0;
  std::int32_t parent = 0;
};

inline constexpr std::size_t kMostPages = 250;  // what one order to an image worker can carry
inline constexpr std::size_t kMostRevisions = 1000;

/// The page that an edit names by `capture` and `generation` (0: the newest that is ready). Errors: capture_unknown,
/// capture_not_ready.
using FindPage = std::function<Result<PageRef>(const std::string& capture, std::int32_t generation)>;

/// True for undo, redo and restore, which choose a revision instead of making one.
bool is_step(protocol::EditOp op);

/// `pages` after all of `edits`, each counted in what the one before it left. Errors: document_page_unknown,
/// request_bad_argument (angle, or undo, redo or restore among others), document_empty, document_too_large, and what
/// `find` says.
Result<PageList> edited(PageList pages, std::span<const protocol::DocumentEdit> edits, const FindPage& find);

/// Where undo, redo (to the newest made from here) or restore leads from `current`. Errors: document_no_such_step.
Result<std::int32_t> step_target(std::span<const RevisionLink> revisions, std::int32_t current,
                                 const protocol::DocumentEdit& step);

bool can_undo(std::span<const RevisionLink> revisions, std::int32_t current);
bool can_redo(std::span<const RevisionLink> revisions, std::int32_t current);

/// "document", "document-2": what the file of a revision is called in the spool and by images.fetch. The same rule
/// names the page and preview of a capture's generations.
std::string rendition_name(const std::string& base, std::int32_t number);

}  // namespace quay::daemon::documents
