// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/image_commands.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

namespace {

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
  return failure(Errc::capture_unknown, "images.fetch", quoted(owner));
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
    return failure(Errc::rendition_unknown, "images.fetch", quoted(wanted.rendition));
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

void ImageCommands::add_to(CommandSet& commands) {
  commands.add({"images.fetch",
                core::Role::front_end,
                Subject::image,
                Effect::reads,
                handler(this, &ImageCommands::fetch),
                false,
                {},
                Access::logged});
}

Awaitable<Outcome> ImageCommands::fetch(RequestPtr request) {
  const auto arguments = arguments_of<protocol::FetchArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const auto work = [wanted = *arguments](storage::Journal& journal, storage::Spool& spool) {
    return read_chunk(journal, spool, wanted);
  };
  Result<Chunk> chunk = co_await services_.ledger.run(work);
  if (!chunk) {
    co_return failure(chunk.error());
  }
  Success fetched = success(chunk->head);
  fetched.bytes = std::move(chunk->bytes);
  co_return fetched;
}

}  // namespace quay::daemon::commands
