// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/document_commands.hpp"

#include "protocol/worker/messages.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

namespace {

/// The `page` rendition of each capture, in order. Runs on the storage thread.
Result<jobs::DocumentOrder> gather(storage::Journal& journal, const protocol::DocumentAssembleArguments& wanted) {
  jobs::DocumentOrder order{DocumentId{random_uuid()}, VisitId{wanted.visit}, {}, {}};
  for (const std::string& id : wanted.captures) {
    const auto capture = journal.capture(CaptureId{id});
    if (!capture) {
      return failure(capture.error());
    }
    if (!*capture || (*capture)->visit != order.visit) {
      return failure(Errc::capture_unknown, "document.assemble", quoted(id) + " is not of this visit");
    }
    const auto page = journal.rendition(id, "page");
    if (!page) {
      return failure(page.error());
    }
    if (!*page) {
      return failure(Errc::capture_not_ready, "document.assemble", id);
    }
    order.captures.push_back(CaptureId{id});
    order.pages.push_back(**page);
  }
  return order;
}

Status check_visit(storage::Journal& journal, const VisitId& visit, const std::string& operation) {
  const auto row = journal.visit(visit);
  if (!row) {
    return failure(row.error());
  }
  if (!*row) {
    return failure(Errc::visit_unknown, operation, quoted(visit.value));
  }
  if (!(*row)->open) {
    return failure(Errc::visit_closed, operation, visit.value);
  }
  return {};
}

Status check_arguments(const protocol::DocumentAssembleArguments& arguments) {
  if (arguments.captures.empty()) {
    return failure(Errc::document_empty, "document.assemble", "/args/captures: at least one was expected");
  }
  if (arguments.captures.size() > protocol::worker::kMostDescriptors) {
    return failure(Errc::request_bad_argument, "document.assemble",
                   "/args/captures: at most " + std::to_string(protocol::worker::kMostDescriptors) + " are taken");
  }
  return {};
}

}  // namespace

void DocumentCommands::add_to(CommandSet& commands) {
  commands.add({"document.assemble",
                core::Role::front_end,
                Subject::visit,
                Effect::starts,
                handler(this, &DocumentCommands::assemble),
                false,
                {},
                Access::logged});
}

Awaitable<Outcome> DocumentCommands::assemble(RequestPtr request) {
  const auto arguments = arguments_of<protocol::DocumentAssembleArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (const Status good = check_arguments(*arguments); !good) {
    co_return failure(good.error());
  }
  const auto work = [wanted = *arguments](storage::Journal& journal, storage::Spool&) -> Result<jobs::DocumentOrder> {
    if (Status checked = check_visit(journal, VisitId{wanted.visit}, "document.assemble"); !checked) {
      return failure(checked.error());
    }
    return gather(journal, wanted);
  };
  Result<jobs::DocumentOrder> order = co_await services_.ledger.run(work);
  if (!order) {
    co_return failure(order.error());
  }
  const Result<protocol::Document> document = co_await services_.images.assemble(std::move(*order));
  if (!document) {
    co_return failure(document.error());
  }
  co_return success(*document);
}

}  // namespace quay::daemon::commands
