// SPDX-License-Identifier: Apache-2.0
// The `events` socket (XPUB): sends what the journal has committed, in its order, and a heartbeat each second.
// A slow subscriber loses events, never slows anybody; it sees the gap and asks for a replay.
#pragma once

#include <filesystem>
#include <string>

#include "daemon/publish/zmq_socket.hpp"
#include "protocol/client/envelope.hpp"

namespace quay::daemon::publish {

class EventPublisher {
 public:
  EventPublisher(loop::Loop& loop, zmq::context_t& context);

  /// From the next bind() on the context's KeyGate lets subscribers in or does not: no command says who one is.
  void ask_gate() { socket_.raw().set(zmq::sockopt::zap_domain, "ipc"); }

  Status bind(const std::filesystem::path& path) { return socket_.bind(path); }
  Status bind_loopback(std::uint16_t port, const std::string& key) { return socket_.bind_loopback(port, key); }

  /// Sends one event: topic | seq (empty when transient) | JSON.
  void publish(const protocol::Event& event);

  /// Takes subscription messages off the socket, which would pile up otherwise. Ends with close().
  loop::Awaitable<void> drain_subscriptions();

  void close() { socket_.close(); }

 private:
  ZmqSocket socket_;
};

}  // namespace quay::daemon::publish
