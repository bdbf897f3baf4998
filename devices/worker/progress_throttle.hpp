// SPDX-License-Identifier: Apache-2.0
// Decides which Progress frames are worth sending: the first of each page and stage, the last, and about ten a second
// between. Pure: time comes in as a value.
#pragma once

#include <optional>

#include "base/clock.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::worker {

class ProgressThrottle {
 public:
  /// True when `progress` is to be sent at `now`; then it counts as sent.
  bool admits(const protocol::worker::Progress& progress, SteadyClock::time_point now);

 private:
  std::optional<protocol::worker::Progress> last_;
  SteadyClock::time_point last_at_{};
};

}  // namespace quay::worker
