// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/document_commands.hpp"

#include "daemon/commands/query.hpp"
#include "daemon/jobs/document_fit.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::commands {

using jobs::DocumentDraft;
using loop::Awaitable;

namespace {

protocol::Event ready_event(const DocumentDraft& draft, const protocol::Document& document, const Request& request) {
  const protocol::DocumentReady data{
      {}, document.document, document.visit, document.revision, document.pages, document.file.bytes};
  return jobs::make_event(protocol::topic::kDocumentReady, data, draft.row.visit.value, request.command.request_id);
}

Result<protocol::DocumentListResult> documents_of(storage::Journal& journal, const documents::PortalSet& portals,
                                                  const VisitId& visit) {
  const auto rows = journal.documents(visit);
  if (!rows) {
    return failure(rows.error());
  }
  protocol::DocumentListResult result;
  for (const storage::DocumentRow& row : *rows) {
    const auto state = jobs::document_state(journal, row.document, "document.list");
    auto document = state ? jobs::view(journal, portals, *state) : failure(state.error());
    if (!document) {
      return failure(document.error());
    }
    result.documents.push_back(*std::move(document));
  }
  return result;
}

/// One file of a pre-flight: exactly one of document and capture, of this visit.
Result<documents::FileFacts> facts_of(storage::Journal& journal, const VisitId& visit,
                                      const protocol::PreflightFile& file) {
  constexpr const char* kOperation = "document.preflight";
  if (file.document.has_value() == file.capture.has_value()) {
    return failure(Errc::request_bad_argument, kOperation, "/args/files: a document or a capture was expected in each");
  }
  if (file.capture) {
    return jobs::capture_facts(journal, visit, CaptureId{*file.capture});
  }
  const auto state = jobs::document_state(journal, DocumentId{*file.document}, kOperation);
  if (!state) {
    return failure(state.error());
  }
  if (state->row.visit != visit) {
    return failure(Errc::document_unknown, kOperation, quoted(*file.document) + " is not of this visit");
  }
  return jobs::document_facts(journal, *state);
}

Result<protocol::PreflightResult> preflight_of(storage::Journal& journal, const documents::PortalSet& portals,
                                               const protocol::PreflightArguments& wanted) {
  const auto portal = portals.find(wanted.portal);
  if (!portal) {
    return failure(portal.error());
  }
  std::vector<protocol::PreflightFile> files;
  files.reserve(wanted.documents.size() + wanted.files.size());
  for (const std::string& document : wanted.documents) {
    files.push_back({document, {}, {}});
  }
  files.insert(files.end(), wanted.files.begin(), wanted.files.end());
  std::vector<documents::FileFacts> facts;
  for (const protocol::PreflightFile& file : files) {
    auto one = facts_of(journal, VisitId{wanted.visit}, file);
    if (!one) {
      return failure(one.error());
    }
    one->kind = file.kind.value_or(one->kind);
    facts.push_back(*std::move(one));
  }
  return documents::preflight(*portal, facts);
}

}  // namespace

void DocumentCommands::add_to(CommandSet& commands) {
  using core::Role;
  const auto add = [&](std::string_view name, Subject subject, Effect effect,
                       Awaitable<Outcome> (DocumentCommands::*method)(RequestPtr), Access access = Access::quiet) {
    commands.add({name, Role::front_end, subject, effect, handler(this, method), false, {}, access});
  };
  add("document.assemble", Subject::visit, Effect::starts, &DocumentCommands::assemble, Access::logged);
  add("document.edit", Subject::document, Effect::starts, &DocumentCommands::edit, Access::logged);
  add("document.label", Subject::document, Effect::changes, &DocumentCommands::label);
  add("document.get", Subject::document, Effect::reads, &DocumentCommands::get);
  add("document.list", Subject::visit, Effect::reads, &DocumentCommands::list);
  add("document.manifest", Subject::document, Effect::reads, &DocumentCommands::manifest);
  add("document.preflight", Subject::visit, Effect::reads, &DocumentCommands::preflight);
  commands.add(
      {"portal.list", core::kEverybody, Subject::none, Effect::reads, handler(this, &DocumentCommands::portals)});
}

Awaitable<Outcome> DocumentCommands::assemble(RequestPtr request) {
  const auto arguments = arguments_of<protocol::DocumentAssembleArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const auto portals = services_.portals.current();
  const auto work = [wanted = *arguments, portals](storage::Journal& journal, storage::Spool&) {
    return jobs::new_document(journal, *portals, wanted);
  };
  Result<DocumentDraft> draft = co_await services_.ledger.run(work);
  if (!draft) {
    co_return failure(draft.error());
  }
  const std::uint64_t limit = arguments->fit ? jobs::size_limit(*portals, draft->row) : 0;
  const auto shared = std::make_shared<const DocumentDraft>(*std::move(draft));
  Result<Bound> bound = co_await bind(shared);
  if (bound && limit > 0 && bound->file->rendition.bytes > limit) {
    bound = co_await fit(*bound, limit);
  }
  if (!bound) {
    co_return failure(bound.error());
  }
  co_return co_await carry_out(request, *bound);
}

Awaitable<Outcome> DocumentCommands::edit(RequestPtr request) {
  const auto arguments = arguments_of<protocol::DocumentEditArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const MakeDraft make = [wanted = *arguments](storage::Journal& journal) {
    return jobs::edited_document(journal, wanted);
  };
  const DocumentId document{arguments->document};
  co_return co_await change(request, document, make);
}

Awaitable<Outcome> DocumentCommands::label(RequestPtr request) {
  const auto arguments = arguments_of<protocol::DocumentLabelArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const MakeDraft make = [wanted = *arguments, portals = services_.portals.current()](storage::Journal& journal) {
    return jobs::labelled_document(journal, *portals, wanted);
  };
  const DocumentId document{arguments->document};
  co_return co_await change(request, document, make);
}

/// A new revision of a document, when it is its turn.
Awaitable<Outcome> DocumentCommands::change(RequestPtr request, DocumentId document, MakeDraft make) {
  const loop::Turns::Turn turn = co_await turns_.take(document.value);
  const auto work = [make](storage::Journal& journal, storage::Spool&) { return make(journal); };
  Result<DocumentDraft> draft = co_await services_.ledger.run(work);
  if (!draft) {
    co_return failure(draft.error());
  }
  const auto shared = std::make_shared<const DocumentDraft>(*std::move(draft));
  const Result<Bound> bound = co_await bind(shared);
  if (!bound) {
    co_return failure(bound.error());
  }
  co_return co_await carry_out(request, *bound);
}

/// The pages in one file; no file, when it is there already.
Awaitable<Result<DocumentCommands::Bound>> DocumentCommands::bind(DraftPtr draft) {
  Bound bound{draft, nullptr};
  if (draft->has_file) {
    co_return bound;
  }
  const auto open = [draft](storage::Journal& journal, storage::Spool& spool) {
    return jobs::open_pages(journal, spool, *draft);
  };
  Result<jobs::BindOrder> order = co_await services_.ledger.run(open);
  if (!order) {
    co_return failure(order.error());
  }
  Result<jobs::BoundDocument> file = co_await services_.images.bind(std::move(*order));
  if (!file) {
    co_return failure(file.error());
  }
  bound.file = std::make_shared<const jobs::BoundDocument>(*std::move(file));
  co_return bound;
}

/// The same document in at most `limit` bytes. As it was when that cannot be: better too large than hard to read, and
/// what the portal says names the other ways.
Awaitable<Result<DocumentCommands::Bound>> DocumentCommands::fit(Bound bound, std::uint64_t limit) {
  DocumentDraft pages = *bound.draft;
  Result<DocumentDraft> lighter = co_await jobs::fitted(services_.ledger, services_.images, std::move(pages), limit);
  if (!lighter) {
    co_return failure(lighter.error());
  }
  if (lighter->pages == bound.draft->pages) {
    co_return bound;
  }
  const auto shared = std::make_shared<const DocumentDraft>(*std::move(lighter));
  Result<Bound> again = co_await bind(shared);
  const bool fits = again && again->file->rendition.bytes <= limit;
  co_return fits ? std::move(again) : Result<Bound>(bound);
}

/// The file first, then the rows that speak of it; a file whose rows were refused is taken back.
Awaitable<Outcome> DocumentCommands::carry_out(RequestPtr request, Bound bound) {
  File file;
  if (bound.file) {
    const auto store = [bound](storage::Journal&, storage::Spool& spool) {
      return jobs::store_file(spool, *bound.draft, *bound.file);
    };
    Result<storage::RenditionRow> stored = co_await services_.ledger.run(store);
    if (!stored) {
      co_return failure(stored.error());
    }
    file = *std::move(stored);
  }
  Outcome outcome = co_await commit(request, bound.draft, file);
  if (!outcome && file) {
    std::vector<std::string> unwanted{file->info.rendition};
    co_await remove(bound.draft, std::move(unwanted));
  }
  co_return outcome;
}

Awaitable<Outcome> DocumentCommands::commit(RequestPtr request, DraftPtr draft, File file) {
  const auto portals = services_.portals.current();
  const auto old_files = std::make_shared<std::vector<std::string>>();
  const auto change = [=](storage::Journal& open, storage::Spool&, jobs::Events& events) -> Outcome {
    auto dropped = jobs::record(open, *draft, file);
    if (!dropped) {
      return failure(dropped.error());
    }
    *old_files = *std::move(dropped);
    const auto state = jobs::document_state(open, draft->row.document, request->command.cmd);
    const auto document = state ? jobs::view(open, *portals, *state) : failure(state.error());
    if (!document) {
      return failure(document.error());
    }
    if (draft->row.revision != draft->base) {
      if (Status told = jobs::append(open, events, ready_event(*draft, *document, *request)); !told) {
        return failure(told.error());
      }
    }
    return success(*document);
  };
  Outcome outcome = co_await services_.outcomes.commit(request, change);
  if (outcome && !old_files->empty()) {
    co_await remove(draft, *old_files);
  }
  co_return outcome;
}

/// What stays behind when this fails is swept at the next start.
Awaitable<void> DocumentCommands::remove(DraftPtr draft, std::vector<std::string> names) {
  const auto work = [draft, names = std::move(names)](storage::Journal&, storage::Spool& spool) {
    return jobs::remove_files(spool, *draft, names);
  };
  const Status removed = co_await services_.ledger.run(work);
  if (!removed) {
    services_.log.error("document {}: {}", draft->row.document.value, describe(removed.error()));
  }
}

Awaitable<Outcome> DocumentCommands::get(RequestPtr request) {
  const auto portals = services_.portals.current();
  const auto work = [portals](storage::Journal& journal, storage::Spool&,
                              const protocol::DocumentArguments& wanted) -> Result<protocol::Document> {
    const auto state = jobs::document_state(journal, DocumentId{wanted.document}, "document.get");
    return state ? jobs::view(journal, *portals, *state) : failure(state.error());
  };
  return query<protocol::DocumentArguments>(services_, std::move(request), work);
}

Awaitable<Outcome> DocumentCommands::list(RequestPtr request) {
  const auto portals = services_.portals.current();
  const auto work = [portals](storage::Journal& journal, storage::Spool&,
                              const protocol::DocumentListArguments& wanted) {
    return documents_of(journal, *portals, VisitId{wanted.visit});
  };
  return query<protocol::DocumentListArguments>(services_, std::move(request), work);
}

Awaitable<Outcome> DocumentCommands::manifest(RequestPtr request) {
  const auto portals = services_.portals.current();
  const auto work = [portals](storage::Journal& journal, storage::Spool&,
                              const protocol::DocumentArguments& wanted) -> Result<protocol::Manifest> {
    const auto state = jobs::document_state(journal, DocumentId{wanted.document}, "document.manifest");
    return state ? jobs::manifest(journal, *portals, *state) : failure(state.error());
  };
  return query<protocol::DocumentArguments>(services_, std::move(request), work);
}

Awaitable<Outcome> DocumentCommands::preflight(RequestPtr request) {
  const auto portals = services_.portals.current();
  const auto work = [portals](storage::Journal& journal, storage::Spool&, const protocol::PreflightArguments& wanted) {
    return preflight_of(journal, *portals, wanted);
  };
  return query<protocol::PreflightArguments>(services_, std::move(request), work);
}

Awaitable<Outcome> DocumentCommands::portals(RequestPtr) {
  const auto set = services_.portals.current();
  const protocol::PortalListResult result{{}, set->portals, set->mistakes};
  co_return success(result);
}

}  // namespace quay::daemon::commands
