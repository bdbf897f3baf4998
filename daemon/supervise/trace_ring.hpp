// SPDX-License-Identifier: Apache-2.0
// The last things that went over a worker's channel: always kept, so that a fault can be looked at after it happened.
// Bounded; nothing personal gets in (protocol/worker/redact.hpp). Outlives the processes it tells of.
#pragma once

#include <deque>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "protocol/client/trace.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::daemon::supervise {

class TraceRing {
 public:
  /// `descriptors` went beside the frame; they stay the caller's.
  void note(const protocol::worker::ToWorker& frame, std::span<const int> descriptors);
  void note(const protocol::worker::FromWorker& frame, std::span<const int> descriptors);
  void note_spawned(const std::string& program);
  /// `how` as Process::reap says it.
  void note_ended(const std::string& how, bool killed_by_us);

  /// What came after entry `after`, oldest first, as much as fits into a reply. While somebody asks, what goes beside
  /// frames is hashed: about 15 ms for a colour page of 300 dpi, which is why that is not always done.
  protocol::DeviceTraceResult since(std::uint64_t after);

 private:
  void add(protocol::TraceWay way, protocol::json::object frame, std::span<const int> descriptors);
  protocol::TracePayload payload_of(int descriptor, std::uint64_t told_bytes) const;

  struct Kept {
    protocol::TraceEntry entry;
    std::size_t weight;  ///< bytes of its JSON
  };
  std::deque<Kept> kept_;
  std::size_t weight_ = 0;
  std::uint64_t newest_ = 0;
  Deadline watched_until_{};
};

}  // namespace quay::daemon::supervise
