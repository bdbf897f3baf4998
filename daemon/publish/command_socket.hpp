// SPDX-License-Identifier: Apache-2.0
// A ROUTER socket that takes commands and gives replies: `control`, and `images` with bytes behind the reply.
// What a peer sends wrong is given on as a coded error; a peer that has gone costs nothing.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "daemon/publish/credentials.hpp"
#include "daemon/publish/zmq_socket.hpp"
#include "protocol/client/envelope.hpp"

namespace quay::daemon::publish {

/// Whom to answer: the routing id ROUTER gave the peer, and the command's own id.
struct ReplyAddress {
  std::string peer;
  std::string command_id;
};

struct ReceivedCommand {
  ReplyAddress from;
  Credentials sender;
  Result<protocol::Command> command;  ///< or what was wrong with it
};

struct SocketLimits {
  int queued_replies = 64;                                   ///< a peer
  std::int64_t largest_message = protocol::kLargestCommand;  ///< libzmq drops a peer that sends more
  IoThread thread = IoThread::notices;
};

class CommandSocket {
 public:
  CommandSocket(loop::Loop& loop, zmq::context_t& context, SocketLimits limits);

  Status bind(const std::filesystem::path& path) { return socket_.bind(path); }
  Status bind_loopback(std::uint16_t port, const std::string& key) { return socket_.bind_loopback(port, key); }

  /// The next command, well-formed or not. Nothing after close(). One reader.
  loop::Awaitable<std::optional<ReceivedCommand>> receive();

  /// Answers; `bytes` become a second frame. A peer that has gone or does not read loses the reply: it asks again.
  void reply(const ReplyAddress& to, protocol::Reply reply, std::optional<std::vector<std::uint8_t>> bytes = {});

  /// Sends what is no reply: `head`, and `bytes` as a second frame unless empty. `bytes` are taken only when sent.
  Sent push(const std::string& peer, const std::string& head, zmq::message_t& bytes);

  void close() { socket_.close(); }

 private:
  ZmqSocket socket_;
};

/// The reply that says `error`.
protocol::Reply failed_reply(const Error& error);

}  // namespace quay::daemon::publish
