// SPDX-License-Identifier: Apache-2.0
#include "daemon/documents/page_list.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace quay::daemon::documents {
namespace {

using protocol::DocumentEdit;
using protocol::EditOp;

/// One edit at work on the pages; `number` is its place in the command, for the error text.
struct Work {
  PageList& pages;
  const DocumentEdit& edit;
  const FindPage& find;
  std::size_t number;

  tl::unexpected<Error> refuse(Errc code, std::string_view text) const {
    return failure(code, "document.edit", fmt::format("/args/edits/{}{}", number, text));
  }
  Result<PageList::iterator> page() const { return at(edit.page, "/page"); }
  Result<PageList::iterator> at(std::int32_t page, std::string_view member) const {
    if (page < 1 || static_cast<std::size_t>(page) > pages.size()) {
      return refuse(Errc::document_page_unknown,
                    fmt::format("{}: {} where 1 to {} was expected", member, page, pages.size()));
    }
    return pages.begin() + (page - 1);
  }
  Result<std::int32_t> turn() const {
    if (edit.rotate_deg % 90 != 0) {
      return refuse(Errc::request_bad_argument,
                    fmt::format("/rotate_deg: {} where a multiple of 90 was expected", edit.rotate_deg));
    }
    return ((edit.rotate_deg % 360) + 360) % 360;
  }
  Result<PageRef> found() const {
    const auto angle = turn();
    if (!angle) {
      return failure(angle.error());
    }
    auto page = find(edit.capture, edit.generation);
    if (page) {
      page->rotate_deg = *angle;
    }
    return page;
  }
};

Status insert(const Work& work) {
  auto page = work.found();
  if (!page) {
    return failure(page.error());
  }
  if (work.edit.to == 0) {
    work.pages.push_back(*std::move(page));
    return {};
  }
  const auto size = static_cast<std::int32_t>(work.pages.size());
  if (work.edit.to < 1 || work.edit.to > size + 1) {
    return work.refuse(Errc::document_page_unknown,
                       fmt::format("/to: {} where 1 to {} was expected", work.edit.to, size + 1));
  }
  work.pages.insert(work.pages.begin() + (work.edit.to - 1), *std::move(page));
  return {};
}

Status move(const Work& work) {
  const auto from = work.page();
  const auto to = work.at(work.edit.to, "/to");
  if (!from || !to) {
    return failure(from ? to.error() : from.error());
  }
  if (*from < *to) {
    std::rotate(*from, *from + 1, *to + 1);
  } else {
    std::rotate(*to, *from, *from + 1);
  }
  return {};
}

Status replace(const Work& work) {
  const auto place = work.page();
  if (!place) {
    return failure(place.error());
  }
  auto page = work.found();
  if (!page) {
    return failure(page.error());
  }
  **place = *std::move(page);
  return {};
}

Status rotate(const Work& work) {
  const auto angle = work.turn();
  if (!angle) {
    return failure(angle.error());
  }
  const auto turn = [&](PageRef& page) { page.rotate_deg = (page.rotate_deg + *angle) % 360; };
  if (work.edit.page == 0) {
    std::for_each(work.pages.begin(), work.pages.end(), turn);
    return {};
  }
  const auto page = work.page();
  if (!page) {
    return failure(page.error());
  }
  turn(**page);
  return {};
}

Status drop(const Work& work) {
  const auto page = work.page();
  if (!page) {
    return failure(page.error());
  }
  work.pages.erase(*page);
  return {};
}

Status carry_out(const Work& work) {
  switch (work.edit.op) {
    case EditOp::insert: return insert(work);
    case EditOp::move: return move(work);
    case EditOp::replace: return replace(work);
    case EditOp::rotate: return rotate(work);
    case EditOp::drop: return drop(work);
    case EditOp::undo:
    case EditOp::redo:
    case EditOp::restore: break;
  }
  return work.refuse(Errc::request_bad_argument, "/op: undo, redo and restore stand alone");
}

const RevisionLink* find(std::span<const RevisionLink> revisions, std::int32_t number) {
  const auto found = std::find_if(revisions.begin(), revisions.end(),
                                  [number](const RevisionLink& link) { return link.revision == number; });
  return found == revisions.end() ? nullptr : &*found;
}

/// The newest revision made from `from`, 0 when there is none.
std::int32_t newest_child(std::span<const RevisionLink> revisions, std::int32_t from) {
  std::int32_t newest = 0;
  for (const RevisionLink& link : revisions) {
    newest = link.parent == from ? std::max(newest, link.revision) : newest;
  }
  return newest;
}

std::int32_t parent_of(std::span<const RevisionLink> revisions, std::int32_t current) {
  const RevisionLink* link = find(revisions, current);
  return link == nullptr ? 0 : link->parent;
}

}  // namespace

bool is_step(EditOp op) { return op == EditOp::undo || op == EditOp::redo || op == EditOp::restore; }

Result<PageList> edited(PageList pages, std::span<const DocumentEdit> edits, const FindPage& find) {
  for (std::size_t i = 0; i < edits.size(); ++i) {
    const Work work{pages, edits[i], find, i};
    if (Status done = carry_out(work); !done) {
      return failure(std::move(done).error());
    }
    if (pages.size() > kMostPages) {
      return work.refuse(Errc::document_too_large, fmt::format(": more than {} pages", kMostPages));
    }
  }
  if (pages.empty()) {
    return failure(Errc::document_empty, "document.edit", "/args/edits: no page would be left");
  }
  return pages;
}

Result<std::int32_t> step_target(std::span<const RevisionLink> revisions, std::int32_t current,
                                 const DocumentEdit& step) {
  std::int32_t target = 0;
  if (step.op == EditOp::undo) {
    target = parent_of(revisions, current);
  } else if (step.op == EditOp::redo) {
    target = newest_child(revisions, current);
  } else {
    target = find(revisions, step.revision) == nullptr ? 0 : step.revision;
  }
  if (target == 0) {
    return failure(Errc::document_no_such_step, "document.edit",
                   fmt::format("{} from revision {}", protocol::enum_name(step.op), current));
  }
  return target;
}

bool can_undo(std::span<const RevisionLink> revisions, std::int32_t current) {
  return parent_of(revisions, current) != 0;
}

bool can_redo(std::span<const RevisionLink> revisions, std::int32_t current) {
  return newest_child(revisions, current) != 0;
}

std::string rendition_name(const std::string& base, std::int32_t number) {
  return number <= 1 ? base : fmt::format("{}-{}", base, number);
}

}  // namespace quay::daemon::documents
