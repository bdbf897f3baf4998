// SPDX-License-Identifier: Apache-2.0
// The envelopes of API version 1: a command, its replies, an event. What goes into `args`, `result` and `data` is in
// commands.hpp and events.hpp. Unknown keys are ignored, so that v1 can grow.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/client/error_body.hpp"

namespace quay::protocol {

inline constexpr int kApiVersion = 1;
inline constexpr std::size_t kLargestCommand = 64 * 1024;
inline constexpr std::size_t kLargestEvent = 4 * 1024;
inline constexpr std::size_t kLargestChunk = 1024 * 1024;

/// One frame on `control` (DEALER -> ROUTER). `id` names this message and comes back in each reply; `request_id` names
/// the wish: the same wish sent again is never carried out twice. `visit_key`, from visit.open, proves that the visit
/// that the command concerns is the sender's own.
struct Command : AllOptional {
  int v = 0;
  std::string id;
  std::string cmd;
  std::optional<std::string> request_id;
  std::optional<std::int64_t> deadline_ms;
  std::optional<std::string> visit_key;
  json::object args;
};

/// `accepted` comes first for a job and is followed by one of the other three; every other command is answered once.
enum class ReplyStatus : std::uint8_t { accepted, done, failed, cancelled };
BOOST_DESCRIBE_ENUM(ReplyStatus, accepted, done, failed, cancelled)

struct Reply : AllOptional {
  int v = kApiVersion;
  std::string id;
  ReplyStatus status = ReplyStatus::failed;
  std::optional<json::object> result;
  std::optional<ErrorBody> error;
};

/// Third frame of an event; the first is the topic (= type), the second the sequence number in decimal, empty for a
/// transient event (progress), which is not kept and has no `seq`.
struct Event : AllOptional {
  int v = kApiVersion;
  std::string type;
  std::string journal;  ///< names the sequence: changes only when the journal was made anew
  std::optional<std::uint64_t> seq;
  std::optional<std::uint64_t> prev;  ///< sequence number of the last event of the same topic root (`capture.`)
  std::string at;
  std::optional<std::string> visit;
  std::optional<std::string> request_id;
  std::optional<bool> cut;  ///< true: `data` was longer than an event may be; ask for the rest with a command
  json::object data;
};

BOOST_DESCRIBE_STRUCT(Command, (), (v, id, cmd, request_id, deadline_ms, visit_key, args))
BOOST_DESCRIBE_STRUCT(Reply, (), (v, id, status, result, error))
BOOST_DESCRIBE_STRUCT(Event, (), (v, type, journal, seq, prev, at, visit, request_id, cut, data))

std::string encode(const Command& command);
std::string encode(const Reply& reply);
std::string encode(const Event& event);

/// Errors: request_too_large, request_malformed (not JSON, or no usable `id`/`cmd`), request_version,
/// request_bad_argument. `id_seen` receives the message's id as soon as it could be read, so that even a refusal can
/// be matched by the sender.
Result<Command> decode_command(std::string_view text, std::string& id_seen);

/// Errors: request_malformed.
Result<Reply> decode_reply(std::string_view text);
Result<Event> decode_event(std::string_view text);

}  // namespace quay::protocol
