// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/image_fetch.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "clients/cpp/chunk_plan.hpp"
#include "clients/cpp/digest.hpp"
#include "clients/cpp/part_file.hpp"

namespace quay::client {
namespace {

constexpr Milliseconds kStall{2000};
constexpr int kStallsInARow = 3;
constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 30U;

/// One chunk as it came: header and bytes, which stay in the message.
struct Chunk {
  std::string command_id;
  protocol::FetchResult header;
  zmq::message_t bytes;

  std::span<const std::uint8_t> span() const { return {bytes.data<std::uint8_t>(), bytes.size()}; }
};

/// Where the bytes are kept as they come in order; a fetch into memory keeps them itself.
using Sink = std::function<Status(std::span<const std::uint8_t>)>;

/// What was kept, or the first chunks, is of something else than what comes now.
constexpr Errc kStale = Errc::spool_corrupt;

/// One file on its way.
class Fetch {
 public:
  Fetch(Socket socket, protocol::FetchArguments wanted, std::optional<std::string> visit_key, Deadline deadline)
      : socket_(std::move(socket)), wanted_(std::move(wanted)), visit_key_(std::move(visit_key)), deadline_(deadline) {}

  /// Brings what comes behind `kept` and gives the whole, checked. Errors: kStale when that did not come of it.
  Result<FetchedFile> run(std::vector<std::uint8_t> kept, const Sink& sink);

 private:
  Status ask(const std::string& command_id, std::uint64_t offset, std::uint32_t length);
  Result<Chunk> receive();
  Result<Chunk> understand(Frames frames);
  Result<Chunk> first_chunk(std::uint64_t offset);
  Result<ChunkPlan> begin(std::vector<std::uint8_t> kept);
  Status fill(ChunkPlan& plan, const Sink& sink);
  Status take(ChunkPlan& plan, const Chunk& chunk);
  Status ask_again(ChunkPlan& plan, const Error& why, int& stalls);
  Status ask_ahead(ChunkPlan& plan);

  Socket socket_;
  protocol::FetchArguments wanted_;
  std::optional<std::string> visit_key_;
  Deadline deadline_;
  Deadline ask_after_ = Deadline::min();  ///< quayd had enough: not before then
  std::string refused_;                   ///< the message that it had enough of
  std::string sha256_;
};

Status Fetch::ask(const std::string& command_id, std::uint64_t offset, std::uint32_t length) {
  protocol::FetchArguments arguments = wanted_;
  arguments.offset = offset;
  arguments.length = length;
  protocol::Command command;
  command.v = protocol::kApiVersion;
  command.id = command_id;
  command.cmd = "images.fetch";
  command.visit_key = visit_key_;
  command.args = protocol::to_json_object(arguments);
  return socket_.send(protocol::encode(command), std::min(deadline_, deadline_in(kStall)));
}

/// Errors: daemon_unreachable when nothing came for kStall, request_too_many when quayd has enough or the pause after
/// that is over, request_deadline, or what the daemon answered.
Result<Chunk> Fetch::receive() {
  const bool pausing = SteadyClock::now() < ask_after_;
  auto frames = socket_.receive(std::min(deadline_, pausing ? ask_after_ : deadline_in(kStall)));
  if (!frames) {
    return failure(std::move(frames).error());
  }
  if (*frames) {
    return understand(std::move(**frames));
  }
  if (SteadyClock::now() >= deadline_) {
    return failure(Errc::request_deadline, "images.fetch", "the file did not come in time");
  }
  return failure(pausing ? Errc::request_too_many : Errc::daemon_unreachable, "images.fetch", "no answer");
}

Result<Chunk> Fetch::understand(Frames frames) {
  auto reply = protocol::decode_reply(text_of(frames.front()));
  if (!reply) {
    return failure(std::move(reply).error());
  }
  Chunk chunk;
  chunk.command_id = reply->id;
  auto result = result_of(std::move(*reply), "images.fetch");
  if (!result) {
    if (result.error().code == Errc::request_too_many) {
      refused_ = chunk.command_id;
      ask_after_ = deadline_in(Milliseconds(std::max<std::int64_t>(result.error().retry_after_ms, 1)));
    }
    return failure(std::move(result).error());
  }
  auto header = protocol::from_json<protocol::FetchResult>(*result);
  if (!header) {
    return failure(std::move(header).error());
  }
  if (frames.size() != 2) {
    return failure(Errc::request_malformed, "images.fetch", "a reply and one frame of bytes were expected");
  }
  chunk.header = std::move(*header);
  chunk.bytes = std::move(frames.back());
  return chunk;
}

/// Late answers of an earlier run come on the same socket: only what was asked here counts.
Result<Chunk> Fetch::first_chunk(std::uint64_t offset) {
  std::set<std::string> ids;
  bool ask_now = true;
  for (int stalls = 0;;) {
    if (ask_now && SteadyClock::now() >= ask_after_) {
      const std::string& id = *ids.insert(random_uuid()).first;
      if (Status asked = ask(id, offset, protocol::kLargestChunk); !asked) {
        return failure(std::move(asked).error());
      }
      ask_now = false;
    }
    auto chunk = receive();
    if (chunk && !ids.contains(chunk->command_id)) {
      continue;
    }
    const bool paused = !chunk && chunk.error().code == Errc::request_too_many;
    const bool lost = !chunk && chunk.error().code == Errc::daemon_unreachable && ++stalls < kStallsInARow;
    if (!paused && !lost) {
      return chunk;
    }
    ask_now = true;
  }
}

/// The first chunk says how large the whole is.
Result<ChunkPlan> Fetch::begin(std::vector<std::uint8_t> kept) {
  const std::uint64_t offset = kept.size();
  auto chunk = first_chunk(offset);
  if (!chunk && chunk.error().code == Errc::request_bad_argument && offset > 0) {
    return failure(kStale, "images.fetch", "what was kept is longer than the whole");
  }
  if (!chunk) {
    return failure(std::move(chunk).error());
  }
  if (chunk->header.total > kLargestFile) {
    return failure(Errc::image_too_large, "images.fetch", std::to_string(chunk->header.total) + " bytes");
  }
  sha256_ = chunk->header.sha256;
  ChunkPlan plan(chunk->header.total, std::move(kept));
  if (!plan.put(offset, chunk->span())) {
    return failure(Errc::request_malformed, "images.fetch", "the first chunk is not as long as was asked");
  }
  return plan;
}

Status Fetch::ask_ahead(ChunkPlan& plan) {
  while (SteadyClock::now() >= ask_after_) {
    const std::string command_id = random_uuid();
    const auto offset = plan.ask(command_id);
    if (!offset) {
      return {};
    }
    if (Status asked = ask(command_id, *offset, plan.length_at(*offset)); !asked) {
      return asked;
    }
  }
  return {};
}

Status Fetch::take(ChunkPlan& plan, const Chunk& chunk) {
  if (!plan.asked_for(chunk.command_id)) {
    return {};
  }
  if (chunk.header.sha256 != sha256_) {
    return failure(kStale, "images.fetch", "it was made anew meanwhile");
  }
  if (!plan.take(chunk.command_id, chunk.span())) {
    return failure(Errc::request_malformed, "images.fetch", "a chunk is not as long as was asked");
  }
  return {};
}

Status Fetch::fill(ChunkPlan& plan, const Sink& sink) {
  int stalls = 0;
  std::uint64_t sunk = plan.kept();
  for (;;) {
    const std::span<const std::uint8_t> fresh = plan.gapless_from(sunk);
    if (Status kept = sink(fresh); !kept || plan.complete()) {
      return kept;
    }
    sunk += fresh.size();
    if (Status asked = ask_ahead(plan); !asked) {
      return asked;
    }
    const auto chunk = receive();
    Status going_on = chunk ? take(plan, *chunk) : ask_again(plan, chunk.error(), stalls);
    if (!going_on) {
      return going_on;
    }
    stalls = chunk ? 0 : stalls;
  }
}

/// What did not come is asked for once more, when that makes sense.
Status Fetch::ask_again(ChunkPlan& plan, const Error& why, int& stalls) {
  if (why.code == Errc::request_too_many) {
    plan.give_back(std::exchange(refused_, {}));
    return {};
  }
  if (why.code == Errc::daemon_unreachable && ++stalls < kStallsInARow) {
    plan.forget_outstanding();
    return {};
  }
  return failure(why);
}

Result<FetchedFile> Fetch::run(std::vector<std::uint8_t> kept, const Sink& sink) {
  auto plan = begin(std::move(kept));
  if (!plan) {
    return failure(std::move(plan).error());
  }
  if (Status filled = fill(*plan, sink); !filled) {
    return failure(std::move(filled).error());
  }
  FetchedFile file{plan->release(), sha256_};
  if (sha256_hex(file.bytes) != sha256_) {
    return failure(kStale, "images.fetch", "the SHA-256 of what came is not the one announced");
  }
  return file;
}

Result<Fetch> fetch_of(Client& client, const std::string& id, const std::string& rendition, Deadline deadline) {
  auto socket = client.open_socket(Socket::Kind::commands, "images");
  if (!socket) {
    return failure(std::move(socket).error());
  }
  protocol::FetchArguments wanted;
  wanted.id = id;
  wanted.rendition = rendition;
  return Fetch(std::move(*socket), std::move(wanted), client.keys().current_key(), deadline);
}

}  // namespace

Result<FetchedFile> fetch_image(Client& client, const std::string& id, const std::string& rendition,
                                Deadline deadline) {
  auto fetch = fetch_of(client, id, rendition, deadline);
  if (!fetch) {
    return failure(std::move(fetch).error());
  }
  const Sink nowhere = [](std::span<const std::uint8_t>) { return Status(); };
  auto file = fetch->run({}, nowhere);
  return file || file.error().code != kStale ? std::move(file) : fetch->run({}, nowhere);
}

Result<std::string> fetch_image_to(Client& client, const std::string& id, const std::string& rendition,
                                   const std::filesystem::path& path, Deadline deadline) {
  auto part = PartFile::open(path);
  auto kept = part ? part->kept() : failure(part.error());
  auto fetch = kept ? fetch_of(client, id, rendition, deadline) : failure(kept.error());
  if (!fetch) {
    return failure(std::move(fetch).error());
  }
  const Sink sink = [&part](std::span<const std::uint8_t> bytes) { return part->append(bytes); };
  auto file = fetch->run(std::move(*kept), sink);
  if (!file && file.error().code == kStale) {
    if (Status cleared = part->clear(); !cleared) {
      return failure(std::move(cleared).error());
    }
    file = fetch->run({}, sink);
  }
  if (!file) {
    return failure(std::move(file).error());
  }
  const Status finished = part->finish();
  return finished ? Result<std::string>(std::move(file->sha256)) : failure(finished.error());
}

}  // namespace quay::client
