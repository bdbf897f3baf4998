// SPDX-License-Identifier: Apache-2.0
// document.assemble and images.fetch: pages into one file, and bytes out in pieces.
#include "daemon/jobs/commands.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::daemon::jobs {

using loop::Awaitable;
using protocol::Command;
using publish::CommandSocket;

namespace {

/// The `page` rendition of each capture, in order. Runs on the storage thread.
Result<DocumentOrder> gather(storage::Journal& journal, const protocol::DocumentAssembleArguments& wanted) {
  DocumentOrder order{DocumentId{random_uuid()}, VisitId{wanted.visit}, {}, {}};
  for (const std::string& id : wanted.captures) {
    const auto capture = journal.capture(CaptureId{id});
    if (!capture) {
      return failure(capture.error());
    }
    if (!*capture || (*capture)->visit != order.visit) {
      return failure(Errc::capture_unknown, "document.assemble", "\"" + id.substr(0, 64) + "\" is not of this visit");
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
    return failure(Errc::visit_unknown, operation, "\"" + visit.value.substr(0, 64) + "\"");
  }
  if (!(*row)->open) {
    return failure(Errc::visit_closed, operation, visit.value);
  }
  return {};
}

struct Chunk {
  protocol::FetchResult head;
  std::vector<std::uint8_t> bytes;
};

/// Which visit the owner of a rendition belongs to; unknown ones are refused. Runs on the storage thread.
Result<VisitId> visit_of(storage::Journal& journal, const std::string& owner) {
  const auto capture = journal.capture(CaptureId{owner});
  if (!capture) {
    return failure(capture.error());
  }
  if (*capture) {
    return (*capture)->visit;
  }
  const auto document = journal.document(DocumentId{owner});
  if (!document) {
    return failure(document.error());
  }
  if (*document) {
    return (*document)->visit;
  }
  return failure(Errc::capture_unknown, "images.fetch", "\"" + owner.substr(0, 64) + "\"");
}

Result<Chunk> read_chunk(storage::Journal& journal, storage::Spool& spool, const protocol::FetchArguments& wanted) {
  const auto visit = visit_of(journal, wanted.id);
  if (!visit) {
    return failure(visit.error());
  }
  const auto row = journal.rendition(wanted.id, wanted.rendition);
  if (!row) {
    return failure(row.error());
  }
  if (!*row) {
    return failure(Errc::rendition_unknown, "images.fetch", "\"" + wanted.rendition.substr(0, 64) + "\"");
  }
  const protocol::RenditionInfo& info = (*row)->info;
  if (wanted.offset > info.bytes || wanted.length == 0 || wanted.length > protocol::kLargestChunk) {
    return failure(Errc::request_bad_argument, "images.fetch",
                   "/args/offset up to " + std::to_string(info.bytes) + " and /args/length from 1 to " +
                       std::to_string(protocol::kLargestChunk) + " were expected");
  }
  const std::uint64_t length = std::min<std::uint64_t>(wanted.length, info.bytes - wanted.offset);
  auto bytes = spool.read({*visit, wanted.id, wanted.rendition}, wanted.offset, length);
  if (!bytes) {
    return failure(bytes.error());
  }
  Chunk chunk;
  chunk.head =
      protocol::FetchResult{{}, wanted.id, wanted.rendition, wanted.offset, bytes->size(), info.bytes, info.sha256};
  chunk.bytes = std::move(*bytes);
  return chunk;
}

}  // namespace

Awaitable<Commands::Outcome> Commands::document_assemble(const Command& command) {
  if (stopping_) {
    co_return failure(Errc::daemon_stopping, command.cmd, "quayd is stopping");
  }
  const auto arguments = arguments_of<protocol::DocumentAssembleArguments>(command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (arguments->captures.empty()) {
    co_return failure(Errc::document_empty, command.cmd, "/args/captures: at least one was expected");
  }
  if (arguments->captures.size() > protocol::worker::kMostDescriptors) {
    co_return failure(Errc::request_bad_argument, command.cmd,
                      "/args/captures: at most " + std::to_string(protocol::worker::kMostDescriptors) + " are taken");
  }
  const auto work = [wanted = *arguments](storage::Journal& journal, storage::Spool&) -> Result<DocumentOrder> {
    if (Status checked = check_visit(journal, VisitId{wanted.visit}, "document.assemble"); !checked) {
      return failure(checked.error());
    }
    return gather(journal, wanted);
  };
  Result<DocumentOrder> order = co_await context_.ledger.run(work);
  if (!order) {
    co_return failure(order.error());
  }
  const Result<protocol::Document> document = co_await context_.images.assemble(std::move(*order));
  if (!document) {
    co_return failure(document.error());
  }
  co_return protocol::to_json_object(*document);
}

Awaitable<void> Commands::serve_images(CommandSocket& images) {
  while (auto received = co_await images.receive()) {
    auto shared = std::make_shared<const publish::ReceivedCommand>(std::move(*received));
    co_await answer_fetch(images, shared);
  }
}

Awaitable<void> Commands::answer_fetch(CommandSocket& images, Received received) {
  const Command& command = received->command;
  if (command.cmd != "images.fetch") {
    const Error error = make_error(Errc::request_unknown_command, "images", "\"" + command.cmd.substr(0, 64) + "\"");
    images.reply(received->from, publish::failed_reply(error));
    co_return;
  }
  const auto arguments = arguments_of<protocol::FetchArguments>(command);
  if (!arguments) {
    images.reply(received->from, publish::failed_reply(arguments.error()));
    co_return;
  }
  const auto work = [wanted = *arguments](storage::Journal& journal, storage::Spool& spool) {
    return read_chunk(journal, spool, wanted);
  };
  Result<Chunk> chunk = co_await context_.ledger.run(work);
  if (!chunk) {
    images.reply(received->from, publish::failed_reply(chunk.error()));
    co_return;
  }
  protocol::Reply reply;
  reply.status = protocol::ReplyStatus::done;
  reply.result = protocol::to_json_object(chunk->head);
  images.reply(received->from, std::move(reply), std::move(chunk->bytes));
}

}  // namespace quay::daemon::jobs
