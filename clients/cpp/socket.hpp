// SPDX-License-Identifier: Apache-2.0
// One connected ZeroMQ socket of a client, with a deadline on everything. The only file of the client library that
// touches libzmq: no exception and no libzmq type but message_t gets past it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <zmq.hpp>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "clients/cpp/address.hpp"

namespace quay::client {

using Frames = std::vector<zmq::message_t>;

std::string_view text_of(const zmq::message_t& frame);

/// Owner of a socket. Thread: any one at a time (zmq_socket(3)). Must go before the context it was made in.
class Socket {
 public:
  /// `events` hears everything, `frames` nothing until subscribe().
  enum class Kind : std::uint8_t { commands, events, frames };

  /// Connects to the socket `name` of quayd. libzmq connects in the background: success says nothing about a daemon.
  /// Errors: device_no_memory when libzmq has no more sockets, usage for a path that is too long.
  static Result<Socket> connect(zmq::context_t& context, Kind kind, const Address& address, std::string_view name);

  /// Lets in what is published under exactly `topic`, and nothing else that was let in before. Of `frames` only.
  void subscribe(const std::string& topic);

  /// Sends one frame. Errors: daemon_unreachable when nobody took it before `deadline`.
  Status send(std::string_view frame, Deadline deadline);

  /// The next message; nothing when `deadline` has passed or `wake_fd` (-1: none) became readable first.
  /// Errors: bug, when libzmq refuses to wait.
  Result<std::optional<Frames>> receive(Deadline deadline, int wake_fd = -1);

 private:
  explicit Socket(zmq::socket_t socket) : socket_(std::move(socket)) {}

  std::optional<Frames> take();
  int try_send(std::string_view frame, Deadline deadline);
  bool await_input(Deadline deadline, int wake_fd);

  zmq::socket_t socket_;
  std::string topic_;
};

}  // namespace quay::client
