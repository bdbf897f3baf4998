// SPDX-License-Identifier: Apache-2.0
// The delivery contract of events as a value: how far a client has come, and what to do with the event in hand. At
// least once on the wire, exactly once behind the cursor. Pure: no socket, no clock. Source: docs/protocol.md,
// "Events".
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "protocol/client/envelope.hpp"

namespace quay::client {

/// How far a client has come. Keep it on disk to lose nothing over a restart of the client.
struct Cursor {
  std::string journal;
  std::uint64_t seq = 0;
  bool operator==(const Cursor&) const = default;
};

enum class Verdict : std::uint8_t {
  apply,   ///< the next event, or a transient one
  ignore,  ///< seen before, or nothing new
  replay,  ///< something is missing: ask for everything after the cursor
};

class DeliveryCursor {
 public:
  explicit DeliveryCursor(Cursor start) : cursor_(std::move(start)) {}

  const Cursor& position() const { return cursor_; }

  /// What to do with an event from the `events` socket. One from another journal moves the cursor to its beginning.
  Verdict judge(const protocol::Event& event);

  /// Moves past an event that was applied, live or replayed; false when the cursor was already there.
  bool advance(const protocol::Event& event);

  /// Moves to the beginning of `journal` if that is another one; false when it is the same. What the one before still
  /// had on the way is ignored from now on.
  bool follow_journal(const std::string& journal);

  /// Nothing up to `seq` is there for us.
  void skip_to(std::uint64_t seq);

 private:
  Cursor cursor_;
  std::set<std::string> left_;  ///< journals that are no more
};

}  // namespace quay::client
