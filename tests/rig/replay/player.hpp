// SPDX-License-Identifier: Apache-2.0
// Plays a recorded session at quayd's end of a worker channel: answers each request as the device did then, at its
// pace, with its errors, its silence and its death. Pixels are made up in the size of those that were.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/shared_buffer.hpp"
#include "base/unique_fd.hpp"
#include "tests/rig/replay/session.hpp"

namespace quay::rig {

class Player {
 public:
  Player(Session session, UniqueFd channel) : session_(std::move(session)), channel_(std::move(channel)) {}

  /// Until quayd wants it no more. Gives the exit status.
  int run();

 private:
  /// What quayd said last.
  struct Heard {
    std::string type;
    std::uint64_t request = 0;
  };

  /// Waits for a frame until then. Nothing: none came. Sets ended_ when quayd is gone or says Shutdown.
  std::optional<Heard> hear(std::optional<Deadline> until);
  void answer(const Heard& request);
  void play(std::size_t from, const Heard& request);
  void play_idle();
  bool await(const std::string& type);
  void say(const protocol::TraceEntry& entry, std::uint64_t request);
  void end(const protocol::TraceEntry& entry);
  void finish(const Heard& request, const std::string& code, const std::string& detail);

  Session session_;
  UniqueFd channel_;
  std::size_t at_ = 0;
  bool cancelled_ = false;
  bool ended_ = false;
};

}  // namespace quay::rig
