// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/document_fit.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "daemon/documents/page_list.hpp"
#include "daemon/documents/preflight.hpp"
#include "daemon/documents/size_share.hpp"
#include "daemon/jobs/page_choice.hpp"
#include "daemon/jobs/rework.hpp"

namespace quay::daemon::jobs {
namespace {

constexpr Milliseconds kPatience{100'000};
/// What binds pages into one file: catalogue, metadata, an entry a page. Measured: 3 KiB and 0.4 KiB a page.
constexpr std::uint64_t kBinding = 4096;
constexpr std::uint64_t kBindingOfPage = 512;
/// Below this no page is asked to be: nothing legible is that small.
constexpr std::uint64_t kLeastPage = 4096;

using Making = std::pair<CaptureId, std::int32_t>;  ///< a generation of a capture
using Lighter = std::map<Making, PageTask>;         ///< one for each, however often it is in the document
using Generations = std::map<Making, std::int32_t>;

Making making_of(const documents::PageRef& page) { return {page.capture, page.generation}; }

/// How the page was made that is in the document now, with a limit.
protocol::CaptureReworkArguments order_of(storage::Journal& journal, const documents::PageRef& page,
                                          std::uint64_t most) {
  protocol::CaptureReworkArguments wanted;
  wanted.capture = page.capture.value;
  const auto row = journal.generation(page.capture, page.generation);
  if (row && *row) {
    wanted.profile = (*row)->profile;
    wanted.settings = settings_of(**row);
  }
  wanted.settings.format = "pdf";
  wanted.settings.max_bytes = most;
  return wanted;
}

/// Orders lighter generations of the pages above their share. A page that cannot be made anew stays as it is.
Result<Lighter> enlist(storage::Journal& open, const storage::Spool& spool, const DocumentDraft& draft,
                       std::uint64_t limit) {
  const auto rows = stored_pages(open, draft.pages);
  if (!rows) {
    return failure(rows.error());
  }
  std::vector<std::uint64_t> sizes;
  std::transform(rows->begin(), rows->end(), std::back_inserter(sizes),
                 [](const storage::RenditionRow& row) { return row.info.bytes; });
  const std::uint64_t binding = kBinding + kBindingOfPage * sizes.size();
  const std::uint64_t most = documents::page_limit(sizes, limit > binding ? limit - binding : 0);
  Lighter lighter;
  for (std::size_t i = 0; most >= kLeastPage && i < sizes.size(); ++i) {
    const documents::PageRef& page = draft.pages[i];
    if (sizes[i] <= most || lighter.contains(making_of(page))) {
      continue;
    }
    auto task = enlist_rework(open, spool, order_of(open, page, most));
    if (task) {
      lighter.emplace(making_of(page), *std::move(task));
    }
  }
  return lighter;
}

/// The pages that came out lighter take the place of the old ones.
Result<DocumentDraft> replaced(storage::Journal& journal, DocumentDraft draft, const Generations& generations) {
  for (documents::PageRef& page : draft.pages) {
    const auto made = generations.find(making_of(page));
    if (made == generations.end()) {
      continue;
    }
    const auto before =
        journal.rendition(page.capture.value, documents::rendition_name(page.text ? "text" : "page", page.generation));
    const auto after = journal.rendition(page.capture.value, documents::rendition_name("page", made->second));
    if (!before || !after) {
      return failure(before ? after.error() : before.error());
    }
    if (*before && *after && (*after)->info.bytes < (*before)->info.bytes) {
      page.generation = made->second;
      page.text = false;  // its words come later, and would be too much
    }
  }
  return draft;
}

}  // namespace

std::uint64_t size_limit(const documents::PortalSet& portals, const storage::DocumentRow& row) {
  std::uint64_t limit = row.max_bytes;
  const auto portal = row.portal.empty() ? failure(Errc::portal_unknown, "", "") : portals.find(row.portal);
  const auto rules = portal ? documents::rules_for(*portal, row.kind) : failure(portal.error());
  if (rules && rules->max_bytes > 0) {
    limit = limit == 0 ? rules->max_bytes : std::min(limit, rules->max_bytes);
  }
  return limit;
}

loop::Awaitable<Result<DocumentDraft>> fitted(Ledger& ledger, ImagePool& images, DocumentDraft draft,
                                              std::uint64_t limit) {
  const auto lighter = std::make_shared<Lighter>();
  const auto shared = std::make_shared<const DocumentDraft>(std::move(draft));
  const Ledger::Change order = [=](storage::Journal& journal, storage::Spool& spool, Events&) {
    return journal.transact([&](storage::Journal& open) -> Status {
      auto tasks = enlist(open, spool, *shared, limit);
      if (!tasks) {
        return failure(tasks.error());
      }
      *lighter = *std::move(tasks);
      return {};
    });
  };
  const Status ordered = co_await ledger.commit(order);
  if (!ordered) {
    co_return failure(ordered.error());
  }
  const auto made = std::make_shared<loop::Mailbox<PageOutcome>>(ledger.loop());
  const auto generations = std::make_shared<Generations>();
  for (auto& [making, task] : *lighter) {
    generations->emplace(making, task.generation);
    task.outcome = made;
    images.submit(std::move(task));
  }
  const Deadline deadline = deadline_in(kPatience);
  for (std::size_t waiting = generations->size(); waiting > 0; --waiting) {
    const std::optional<PageOutcome> outcome = co_await made->receive(deadline);
    if (!outcome) {
      break;  // what is not ready by now stays as it was
    }
  }
  const auto look = [=](storage::Journal& journal, storage::Spool&) {
    return replaced(journal, *shared, *generations);
  };
  co_return co_await ledger.run(look);
}

}  // namespace quay::daemon::jobs
