// SPDX-License-Identifier: Apache-2.0
#include "daemon/publish/command_socket.hpp"

namespace quay::daemon::publish {

protocol::Reply failed_reply(const Error& error) {
  protocol::Reply reply;
  reply.status = error.code == Errc::scan_cancelled ? protocol::ReplyStatus::cancelled : protocol::ReplyStatus::failed;
  reply.error = protocol::to_body(error);
  return reply;
}

CommandSocket::CommandSocket(loop::Loop& loop, zmq::context_t& context, SocketLimits limits)
    : socket_(loop, context, zmq::socket_type::router, limits.thread) {
  socket_.raw().set(zmq::sockopt::router_mandatory, true);
  socket_.raw().set(zmq::sockopt::sndhwm, limits.queued_replies);
  socket_.raw().set(zmq::sockopt::rcvhwm, limits.queued_replies);
  // Up to sixteen times as much gets through, so that a little too long is answered with a code instead of cut off.
  socket_.raw().set(zmq::sockopt::maxmsgsize, 16 * limits.largest_message);
}

loop::Awaitable<std::optional<ReceivedCommand>> CommandSocket::receive() {
  for (;;) {
    std::optional<Parts> parts = co_await socket_.receive();
    if (!parts) {
      co_return std::nullopt;
    }
    std::optional<ReceivedCommand> received = understand(*parts);
    if (received) {
      co_return received;
    }
  }
}

std::optional<ReceivedCommand> CommandSocket::understand(Parts& parts) {
  ReplyAddress from{std::string(text_of(parts.front())), {}};
  if (parts.size() != 2) {
    reply(from, failed_reply(make_error(Errc::request_malformed, "command.receive",
                                        std::to_string(parts.size() - 1) + " frames where one was expected")));
    return std::nullopt;
  }
  auto command = protocol::decode_command(text_of(parts[1]), from.command_id);
  if (!command) {
    reply(from, failed_reply(command.error()));
    return std::nullopt;
  }
  return ReceivedCommand{std::move(from), credentials_of(parts[1]), std::move(*command)};
}

void CommandSocket::reply(const ReplyAddress& to, protocol::Reply reply,
                          std::optional<std::vector<std::uint8_t>> bytes) {
  reply.id = to.command_id;
  Parts parts;
  parts.push_back(make_part(to.peer));
  parts.push_back(make_part(protocol::encode(reply)));
  if (bytes) {
    parts.push_back(make_part(std::move(*bytes)));
  }
  socket_.send(parts);
}

Sent CommandSocket::push(const std::string& peer, const std::string& head, zmq::message_t& bytes) {
  Parts parts;
  parts.push_back(make_part(peer));
  parts.push_back(make_part(head));
  if (bytes.empty()) {
    return socket_.send(parts);
  }
  parts.push_back(std::move(bytes));
  const Sent sent = socket_.send(parts);
  bytes = std::move(parts.back());
  return sent;
}

}  // namespace quay::daemon::publish
