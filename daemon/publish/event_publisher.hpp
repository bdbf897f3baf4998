// SPDX-License-Identifier: Apache-2.0
// The `events` socket (XPUB): sends what the journal has committed, in its order, and tells when somebody has joined.
// A slow subscriber loses events, never slows anybody; it sees the gap and asks for a replay.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "daemon/publish/zmq_socket.hpp"
#include "protocol/client/commands.hpp"
#include "protocol/client/envelope.hpp"

namespace quay::daemon::publish {

/// A rendition that has just become durable, still in memory: whoever follows its visit need not read it back.
struct FreshRendition {
  std::uint64_t number = 0;  ///< its place in the order of renditions
  std::string owner;
  protocol::RenditionInfo info;
  std::vector<std::uint8_t> bytes;
};

/// One event as it goes out: encoded once, on the thread that committed it.
struct Notice {
  std::string topic;
  std::optional<std::uint64_t> seq;               ///< nothing: transient
  std::string visit;                              ///< empty: of no visit
  std::string text;                               ///< the JSON, at most kLargestEvent
  std::shared_ptr<const FreshRendition> fresh{};  ///< what it tells of, when that is at hand
};

class EventPublisher {
 public:
  EventPublisher(loop::Loop& loop, zmq::context_t& context, IoThread thread = IoThread::notices);

  /// From the next bind() on the context's KeyGate lets subscribers in or does not: no command says who one is.
  void ask_gate() { socket_.raw().set(zmq::sockopt::zap_domain, "ipc"); }

  Status bind(const std::filesystem::path& path) { return socket_.bind(path); }
  Status bind_loopback(std::uint16_t port, const std::string& key) { return socket_.bind_loopback(port, key); }

  /// Sends one event: topic | seq (empty when transient) | JSON. Never blocks and never fails: who does not read,
  /// loses. Thread: any; those of one thread arrive in its order.
  void publish(const Notice& notice);

  /// Waits until somebody subscribed to something, after which all that is published reaches them; takes everything
  /// that waits, so that a crowd is answered once. How many subscriptions; 0 after close().
  loop::Awaitable<std::size_t> newcomers();

  /// How many subscriptions there are, as far as newcomers() has taken note.
  std::size_t subscriptions() const { return subscriptions_; }

  void close() { socket_.close(); }

 private:
  ZmqSocket socket_;
  std::size_t subscriptions_ = 0;
};

}  // namespace quay::daemon::publish
