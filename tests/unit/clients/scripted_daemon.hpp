// SPDX-License-Identifier: Apache-2.0
// The far end of the wire, for what a healthy quayd never does: lose chunks, leave gaps, stay silent. The client is
// tested against the real daemon in tests/system.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <zmq.hpp>

#include "protocol/client/envelope.hpp"
#include "protocol/json/writer.hpp"

namespace quay::client {

/// One answer: frames to send, in order. No answers: silence.
using Answer = std::vector<std::string>;
using Answers = std::vector<Answer>;
using Script = std::function<Answers(const protocol::Command&)>;

/// The reply `done` with `result`.
std::string done(const protocol::Command& command, protocol::json::object result);
std::string refused(const std::string& command_id, Errc code);

class ScriptedDaemon {
 public:
  /// Answers on `control` and `images` by `script`, on a thread of its own. `hello` is answered without it.
  explicit ScriptedDaemon(Script script);
  ~ScriptedDaemon();
  ScriptedDaemon(const ScriptedDaemon&) = delete;
  ScriptedDaemon& operator=(const ScriptedDaemon&) = delete;

  const std::filesystem::path& run_directory() const { return run_directory_; }

  /// Returns when a client has subscribed to `events`.
  void await_subscriber();

  /// Sends `event` to the subscribers.
  void publish(const protocol::Event& event);
  void publish_frames(const std::vector<std::string>& frames);

 private:
  void serve();
  void answer(zmq::socket_t& socket);

  Script script_;
  std::filesystem::path run_directory_;
  zmq::context_t context_{1};
  zmq::socket_t events_;
  zmq::socket_t stop_;
  std::thread thread_;
};

}  // namespace quay::client
