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
  // Twice as much gets through, so that a little too long is answered with a code instead of cut off. No more: a queue
  // full of such messages is what one peer can make quayd hold.
  socket_.raw().set(zmq::sockopt::maxmsgsize, 2 * limits.largest_message);
}

loop::Awaitable<std::optional<ReceivedCommand>> CommandSocket::receive() {
  std::optional<Parts> parts = co_await socket_.receive();
  if (!parts) {
    co_return std::nullopt;
  }
  ReceivedCommand received{ReplyAddress{std::string(text_of(parts->front())), {}}, credentials_of(parts->back()), {}};
  if (parts->size() == 2) {
    received.command = protocol::decode_command(text_of(parts->back()), received.from.command_id);
  } else {
    received.command = failure(Errc::request_malformed, "command.receive",
                               std::to_string(parts->size() - 1) + " frames where one was expected");
  }
  co_return std::move(received);
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
