// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/document_draft.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "daemon/documents/file_name.hpp"
#include "daemon/jobs/open_visit.hpp"
#include "protocol/client/page_report.hpp"
#include "protocol/json/writer.hpp"

namespace quay::daemon::jobs {
namespace {

using documents::PageList;

std::string file_name(const DocumentDraft& draft) { return documents::rendition_name("document", draft.row.revision); }

/// Code, ordinal, portal and kind fit together.
Status check_label(const documents::PortalSet& portals, const storage::DocumentRow& row) {
  if (!row.code.empty()) {
    if (Status good = documents::check_code(row.code); !good) {
      return good;
    }
  }
  if (row.ordinal < 0 || row.ordinal > documents::kMostOrdinal) {
    return failure(Errc::request_bad_argument, "document.label",
                   fmt::format("/args/ordinal: 0 to {} was expected", documents::kMostOrdinal));
  }
  if (row.portal.empty()) {
    return row.kind.empty() ? Status()
                            : Status(failure(Errc::request_bad_argument, "document.label",
                                             "/args/kind: no portal is named whose kind it could be"));
  }
  const auto portal = portals.find(row.portal);
  if (!portal) {
    return failure(portal.error());
  }
  const auto rules = documents::rules_for(*portal, row.kind);
  return rules ? Status() : Status(failure(rules.error()));
}

Result<DocumentState> open_state(storage::Journal& journal, const std::string& id, const std::string& operation) {
  auto state = document_state(journal, DocumentId{id}, operation);
  if (!state) {
    return state;
  }
  if (Status open = check_open(journal, state->row.visit, operation); !open) {
    return failure(open.error());
  }
  return state;
}

Result<bool> is_stored(storage::Journal& journal, const storage::DocumentRow& row) {
  const auto file = journal.rendition(row.document.value, documents::rendition_name("document", row.revision));
  return file ? Result<bool>(file->has_value()) : failure(file.error());
}

Result<DocumentDraft> stepped(storage::Journal& journal, const DocumentState& state,
                              const protocol::DocumentEdit& step) {
  const auto target = documents::step_target(state.tree, state.row.revision, step);
  if (!target) {
    return failure(target.error());
  }
  const auto revision = journal.revision(state.row.document, *target);
  if (!revision) {
    return failure(revision.error());
  }
  DocumentDraft draft{state.row, *revision ? pages_of((*revision)->pages) : PageList{}, state.row.revision, true};
  draft.row.revision = *target;
  const auto stored = is_stored(journal, draft.row);
  if (!stored) {
    return failure(stored.error());
  }
  draft.has_file = *stored;
  return draft;
}

Result<DocumentDraft> changed(storage::Journal& journal, const DocumentState& state,
                              const protocol::DocumentEditArguments& wanted) {
  const auto find = [&](const std::string& capture, std::int32_t generation) {
    return find_page(journal, state.row.visit, CaptureId{capture}, generation);
  };
  auto pages = documents::edited(state.pages, wanted.edits, find);
  if (!pages) {
    return failure(pages.error());
  }
  DocumentDraft draft{state.row, *std::move(pages), state.row.revision};
  if (draft.pages == state.pages) {
    draft.is_kept = true;
    draft.has_file = true;
    return draft;
  }
  if (state.tree.size() >= documents::kMostRevisions) {
    return failure(Errc::document_too_large, "document.edit",
                   fmt::format("{} revisions are there", documents::kMostRevisions));
  }
  draft.row.revision = state.tree.back().revision + 1;
  return draft;
}

/// Rows of files that are dropped now: of neither this revision nor the one before.
Result<std::vector<std::string>> drop_old(storage::Journal& open, const DocumentDraft& draft) {
  const auto rows = open.renditions(draft.row.document.value);
  if (!rows) {
    return failure(rows.error());
  }
  std::vector<std::string> dropped;
  const std::string before = documents::rendition_name("document", draft.base);
  for (const storage::RenditionRow& row : *rows) {
    const std::string& name = row.info.rendition;
    if (name == file_name(draft) || name == before) {
      continue;
    }
    if (Status gone = open.drop_rendition(row.owner, name); !gone) {
      return failure(gone.error());
    }
    dropped.push_back(name);
  }
  return dropped;
}

Status check_base(storage::Journal& open, const DocumentDraft& draft) {
  if (Status visit = check_open(open, draft.row.visit, "document.record"); !visit || draft.base == 0) {
    return visit;
  }
  const auto now = open.document(draft.row.document);
  if (!now) {
    return failure(now.error());
  }
  const bool same = *now && (*now)->revision == draft.base;
  return same ? Status() : Status(failure(Errc::document_changed, "document.record", "another edit came first"));
}

}  // namespace

Result<DocumentDraft> new_document(storage::Journal& journal, const documents::PortalSet& portals,
                                   const protocol::DocumentAssembleArguments& wanted) {
  constexpr const char* kOperation = "document.assemble";
  DocumentDraft draft;
  draft.row.document = DocumentId{random_uuid()};
  draft.row.visit = VisitId{wanted.visit};
  draft.row.code = wanted.code.value_or("");
  draft.row.ordinal = wanted.ordinal;
  draft.row.portal = wanted.portal.value_or("");
  draft.row.kind = wanted.kind.value_or("");
  draft.row.max_bytes = wanted.max_bytes;
  if (Status open = check_open(journal, draft.row.visit, kOperation); !open) {
    return failure(open.error());
  }
  if (Status good = check_label(portals, draft.row); !good) {
    return failure(good.error());
  }
  if (wanted.captures.empty()) {
    return failure(Errc::document_empty, kOperation, "/args/captures: at least one was expected");
  }
  std::size_t count = wanted.captures.size();  // at least so many pages
  for (const std::string& capture : wanted.captures) {
    if (count > documents::kMostPages) {
      break;
    }
    const auto pages = find_pages(journal, draft.row.visit, CaptureId{capture});
    if (!pages) {
      return failure(pages.error());
    }
    count += pages->size() - 1;
    draft.pages.insert(draft.pages.end(), pages->begin(), pages->end());
  }
  if (count > documents::kMostPages) {
    return failure(
        Errc::document_too_large, kOperation,
        fmt::format("/args/captures: at least {} pages, at most {} are taken", count, documents::kMostPages));
  }
  return draft;
}

Result<DocumentDraft> edited_document(storage::Journal& journal, const protocol::DocumentEditArguments& wanted) {
  constexpr const char* kOperation = "document.edit";
  const auto state = open_state(journal, wanted.document, kOperation);
  if (!state) {
    return failure(state.error());
  }
  if (wanted.revision != 0 && wanted.revision != state->row.revision) {
    return failure(Errc::document_changed, kOperation,
                   fmt::format("/args/revision: {} where {} is the newest", wanted.revision, state->row.revision));
  }
  if (wanted.edits.empty()) {
    return failure(Errc::request_bad_argument, kOperation, "/args/edits: at least one was expected");
  }
  const bool is_step = wanted.edits.size() == 1 && documents::is_step(wanted.edits.front().op);
  return is_step ? stepped(journal, *state, wanted.edits.front()) : changed(journal, *state, wanted);
}

Result<DocumentDraft> labelled_document(storage::Journal& journal, const documents::PortalSet& portals,
                                        const protocol::DocumentLabelArguments& wanted) {
  auto state = open_state(journal, wanted.document, "document.label");
  if (!state) {
    return failure(state.error());
  }
  DocumentDraft draft{state->row, state->pages, state->row.revision, true, true};
  draft.row.code = wanted.code.value_or(draft.row.code);
  draft.row.ordinal = wanted.ordinal.value_or(draft.row.ordinal);
  draft.row.portal = wanted.portal.value_or(draft.row.portal);
  draft.row.kind = wanted.kind.value_or(wanted.portal ? "" : draft.row.kind);
  draft.row.max_bytes = wanted.max_bytes.value_or(draft.row.max_bytes);
  if (Status good = check_label(portals, draft.row); !good) {
    return failure(good.error());
  }
  return draft;
}

Result<BindOrder> open_pages(storage::Journal& journal, storage::Spool& spool, const DocumentDraft& draft) {
  const auto rows = stored_pages(journal, draft.pages);
  if (!rows) {
    return failure(rows.error());
  }
  BindOrder order;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const protocol::RenditionInfo& info = (*rows)[i].info;
    const storage::StoredObject expected{info.bytes, info.sha256};
    auto file = spool.read_into_memfd({draft.row.visit, (*rows)[i].owner, info.rendition}, expected);
    if (!file) {
      return failure(file.error());
    }
    order.files.push_back(*std::move(file));
    order.bytes.push_back(info.bytes);
    order.rotate_deg.push_back(draft.pages[i].rotate_deg);
  }
  return order;
}

Result<storage::RenditionRow> store_file(storage::Spool& spool, const DocumentDraft& draft,
                                         const BoundDocument& document) {
  const std::span<const std::uint8_t> bytes = document.bytes->bytes();
  const auto stored = spool.write({draft.row.visit, draft.row.document.value, file_name(draft)}, bytes);
  if (!stored) {
    return failure(stored.error());
  }
  auto report =
      protocol::from_json<protocol::DocumentReport>(document.rendition.report).value_or(protocol::DocumentReport{});
  report.chunks = chunk_digests(bytes);
  storage::RenditionRow row;
  row.owner = draft.row.document.value;
  row.info.rendition = file_name(draft);
  row.info.media_type = document.rendition.media_type;
  row.info.bytes = stored->bytes;
  row.info.sha256 = stored->sha256;
  row.report = boost::json::serialize(protocol::to_json(report));
  return row;
}

Result<std::vector<std::string>> record(storage::Journal& open, const DocumentDraft& draft,
                                        const std::optional<storage::RenditionRow>& file) {
  Status done = check_base(open, draft);
  if (done) {
    done = open.put(draft.row);
  }
  if (done && !draft.is_kept) {
    done = open.put(storage::RevisionRow{draft.row.document, draft.row.revision, draft.base, text_of(draft.pages)});
  }
  if (done && file) {
    done = open.put(*file);
  }
  return done ? drop_old(open, draft) : failure(done.error());
}

Status remove_files(storage::Spool& spool, const DocumentDraft& draft, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (Status removed = spool.remove({draft.row.visit, draft.row.document.value, name}); !removed) {
      return removed;
    }
  }
  return {};
}

}  // namespace quay::daemon::jobs
