// SPDX-License-Identifier: Apache-2.0
// A ZeroMQ socket in an Asio loop. ZMQ_FD only says "look again": the reader is woken by it and re-checks after every
// send too, because a send may swallow the descriptor's edge (libzmq issue 3641). Never blocks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <zmq.hpp>

#include "daemon/loop/awaitable.hpp"

namespace quay::daemon::publish {

using Parts = std::vector<zmq::message_t>;

/// The only address that quayd ever listens on.
inline constexpr std::string_view kLoopback = "127.0.0.1";

zmq::message_t make_part(std::string_view text);
std::string_view text_of(const zmq::message_t& part);

class ZmqSocket {
 public:
  ZmqSocket(loop::Loop& loop, zmq::context_t& context, zmq::socket_type type);
  ~ZmqSocket() { close(); }
  ZmqSocket(const ZmqSocket&) = delete;
  ZmqSocket& operator=(const ZmqSocket&) = delete;

  zmq::socket_t& raw() { return socket_; }

  /// Binds `ipc://path` with mode 0660. Errors: config_invalid with the reason from libzmq.
  Status bind(const std::filesystem::path& path);

  /// Binds to a port of 127.0.0.1 as well, for holders of a key that the context's KeyGate knows; `secret_key` is the
  /// server's (Z85). Socket options bind with an endpoint, so bind() has to come first. Errors: config_invalid.
  Status bind_loopback(std::uint16_t port, const std::string& secret_key);

  /// Binds as libzmq spells it. Errors: config_invalid.
  Status bind_endpoint(const std::string& endpoint);

  /// The next whole message; nothing after close(). One reader.
  loop::Awaitable<std::optional<Parts>> receive();

  /// Sends without waiting. False when the peer is gone or its queue is full: the message is dropped.
  bool send(Parts parts);

  void close();

 private:
  std::optional<Parts> try_receive();
  bool has_input();
  bool send_all(Parts& parts);

  loop::Loop& loop_;
  zmq::socket_t socket_;
  std::optional<loop::asio::posix::stream_descriptor> ready_;
  std::uint32_t received_in_a_row_ = 0;
};

}  // namespace quay::daemon::publish
