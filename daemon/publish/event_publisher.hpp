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

  Status bind(const std::filesystem::path& path) { return socket_.bind(path); }

  /// Sends one event: topic | seq (empty when transient) | JSON.
  void publish(const protocol::Event& event);

  /// Takes subscription messages off the socket, which would pile up otherwise. Ends with close().
  loop::Awaitable<void> drain_subscriptions();

  void close() { socket_.close(); }

 private:
  ZmqSocket socket_;
};

}  // namespace quay::daemon::publish
