// SPDX-License-Identifier: Apache-2.0
// The `live` socket (XPUB): frames of live views, newest wins, loss allowed. A topic reaches only who subscribes to it
// in full: no prefix of it lets anybody in, so a topic that cannot be guessed is a key.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "daemon/publish/zmq_socket.hpp"

namespace quay::daemon::publish {

class LivePublisher {
 public:
  LivePublisher(loop::Loop& loop, zmq::context_t& context);

  /// From the next bind() on the context's KeyGate lets subscribers in or does not.
  void ask_gate() { socket_.raw().set(zmq::sockopt::zap_domain, "ipc"); }
  Status bind(const std::filesystem::path& path) { return socket_.bind(path); }

  /// Lets subscribers in; ends with close(). Spawn once.
  loop::Awaitable<void> serve();
  void close() { socket_.close(); }

  void open_topic(const std::string& topic) { subscribers_.emplace(topic, 0); }
  void close_topic(const std::string& topic) { subscribers_.erase(topic); }
  /// 0 for a topic that is not open.
  int subscribers(const std::string& topic) const;

  /// Sends topic | JSON | bytes. Never blocks; who does not read, loses.
  void publish(const std::string& topic, const std::string& head, zmq::message_t bytes);

 private:
  void take(std::string_view message);

  ZmqSocket socket_;
  std::map<std::string, int, std::less<>> subscribers_;
};

}  // namespace quay::daemon::publish
