// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/image_commands.hpp"

#include "daemon/commands/query.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

namespace {

constexpr std::size_t kMostRenditions = 8;

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

Status check_follow(const protocol::FollowArguments& wanted) {
  if (wanted.credit < protocol::kLeastCredit) {
    return failure(Errc::request_bad_argument, "images.follow",
                   "/args/credit: at least " + std::to_string(protocol::kLeastCredit) + " was expected");
  }
  if (wanted.renditions.empty() || wanted.renditions.size() > kMostRenditions) {
    return failure(Errc::request_bad_argument, "images.follow", "/args/renditions: 1 to 8 names were expected");
  }
  return {};
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
  commands.add({"images.follow",
                core::Role::front_end,
                Subject::visit,
                Effect::reads,
                handler(this, &ImageCommands::follow),
                false,
                {},
                Access::logged});
  // The id of a follow is known to nobody but who began it.
  commands.add(
      {"images.credit", core::Role::front_end, Subject::none, Effect::reads, handler(this, &ImageCommands::credit)});
  commands.add({"images.unfollow", core::Role::front_end, Subject::none, Effect::reads,
                handler(this, &ImageCommands::unfollow)});
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

Awaitable<Outcome> ImageCommands::follow(RequestPtr request) {
  const auto wanted = arguments_of<protocol::FollowArguments>(request->command);
  Status checked = wanted ? check_follow(*wanted) : Status(failure(wanted.error()));
  if (checked) {
    checked = co_await check_open_visit(services_.ledger, wanted->visit, "images.follow");
  }
  if (!checked) {
    co_return failure(checked.error());
  }
  const std::uint64_t credit = std::min(wanted->credit, protocol::kMostCredit);
  jobs::FollowOrder order{request->from.peer, VisitId{wanted->visit}, wanted->renditions, credit, wanted->after};
  const std::string follow = services_.followers.enlist(std::move(order));
  Success followed = success(protocol::FollowResult{{}, follow, credit});
  followed.then = [this, follow] { services_.followers.begin(follow); };
  co_return followed;
}

Awaitable<Outcome> ImageCommands::credit(RequestPtr request) {
  const auto wanted = arguments_of<protocol::CreditArguments>(request->command);
  if (!wanted) {
    co_return failure(wanted.error());
  }
  const Status given = services_.followers.give_credit(wanted->follow, request->from.peer, wanted->bytes);
  if (!given) {
    co_return failure(given.error());
  }
  co_return success(protocol::CreditResult{{}, wanted->follow});
}

Awaitable<Outcome> ImageCommands::unfollow(RequestPtr request) {
  const auto wanted = arguments_of<protocol::UnfollowArguments>(request->command);
  if (!wanted) {
    co_return failure(wanted.error());
  }
  services_.followers.end(wanted->follow, request->from.peer);
  co_return success(protocol::CreditResult{{}, wanted->follow});
}

}  // namespace quay::daemon::commands
