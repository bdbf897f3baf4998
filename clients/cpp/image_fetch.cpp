// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/image_fetch.hpp"

#include <algorithm>

#include "clients/cpp/chunk_plan.hpp"
#include "clients/cpp/digest.hpp"

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

/// One file on its way.
class Fetch {
 public:
  Fetch(Socket socket, protocol::FetchArguments wanted, std::optional<std::string> visit_key, Deadline deadline)
      : socket_(std::move(socket)), wanted_(std::move(wanted)), visit_key_(std::move(visit_key)), deadline_(deadline) {}

  Result<FetchedFile> run();

 private:
  Status ask(const std::string& command_id, std::uint64_t offset, std::uint32_t length);
  Result<Chunk> receive();
  Result<Chunk> understand(Frames frames);
  Result<ChunkPlan> begin();
  Status fill(ChunkPlan& plan);
  Status ask_ahead(ChunkPlan& plan);

  Socket socket_;
  protocol::FetchArguments wanted_;
  std::optional<std::string> visit_key_;
  Deadline deadline_;
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

/// Errors: daemon_unreachable when nothing came for kStall, request_deadline, or what the daemon answered.
Result<Chunk> Fetch::receive() {
  auto frames = socket_.receive(std::min(deadline_, deadline_in(kStall)));
  if (!frames) {
    return failure(std::move(frames).error());
  }
  if (*frames) {
    return understand(std::move(**frames));
  }
  if (SteadyClock::now() >= deadline_) {
    return failure(Errc::request_deadline, "images.fetch", "the file did not come in time");
  }
  return failure(Errc::daemon_unreachable, "images.fetch", "no answer");
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

/// The first chunk says how large the whole is.
Result<ChunkPlan> Fetch::begin() {
  for (int stalls = 0;; ++stalls) {
    const std::string command_id = random_uuid();
    if (Status asked = ask(command_id, 0, protocol::kLargestChunk); !asked) {
      return failure(std::move(asked).error());
    }
    auto chunk = receive();
    if (!chunk && chunk.error().code == Errc::daemon_unreachable && stalls + 1 < kStallsInARow) {
      continue;
    }
    if (!chunk) {
      return failure(std::move(chunk).error());
    }
    if (chunk->header.total > kLargestFile) {
      return failure(Errc::image_too_large, "images.fetch", std::to_string(chunk->header.total) + " bytes");
    }
    sha256_ = chunk->header.sha256;
    ChunkPlan plan(chunk->header.total);
    if (!plan.put(0, chunk->span())) {
      return failure(Errc::request_malformed, "images.fetch", "the first chunk is not as long as was asked");
    }
    return plan;
  }
}

Status Fetch::ask_ahead(ChunkPlan& plan) {
  for (;;) {
    const std::string command_id = random_uuid();
    const auto offset = plan.ask(command_id);
    if (!offset) {
      return {};
    }
    if (Status asked = ask(command_id, *offset, plan.length_at(*offset)); !asked) {
      return asked;
    }
  }
}

Status Fetch::fill(ChunkPlan& plan) {
  int stalls = 0;
  while (!plan.complete()) {
    if (Status asked = ask_ahead(plan); !asked) {
      return asked;
    }
    auto chunk = receive();
    if (!chunk && chunk.error().code == Errc::daemon_unreachable && ++stalls < kStallsInARow) {
      plan.forget_outstanding();
      continue;
    }
    if (!chunk) {
      return failure(std::move(chunk).error());
    }
    stalls = 0;
    if (plan.asked_for(chunk->command_id) && !plan.take(chunk->command_id, chunk->span())) {
      return failure(Errc::request_malformed, "images.fetch", "a chunk is not as long as was asked");
    }
  }
  return {};
}

Result<FetchedFile> Fetch::run() {
  auto plan = begin();
  if (!plan) {
    return failure(std::move(plan).error());
  }
  if (Status filled = fill(*plan); !filled) {
    return failure(std::move(filled).error());
  }
  FetchedFile file{plan->release(), sha256_};
  if (sha256_hex(file.bytes) != sha256_) {
    return failure(Errc::spool_corrupt, "images.fetch", "the SHA-256 of what came is not the one announced");
  }
  return file;
}

}  // namespace

Result<FetchedFile> fetch_image(Client& client, const std::string& id, const std::string& rendition,
                                Deadline deadline) {
  auto socket = client.open_socket(Socket::Kind::commands, "images");
  if (!socket) {
    return failure(std::move(socket).error());
  }
  protocol::FetchArguments wanted;
  wanted.id = id;
  wanted.rendition = rendition;
  Fetch fetch(std::move(*socket), std::move(wanted), client.keys().current_key(), deadline);
  return fetch.run();
}

}  // namespace quay::client
