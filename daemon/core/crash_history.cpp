// SPDX-License-Identifier: Apache-2.0
#include "daemon/core/crash_history.hpp"

#include <algorithm>

namespace quay::daemon::core {

CrashHistory::Verdict CrashHistory::note(SteadyClock::time_point now) {
  while (!deaths_.empty() && now - deaths_.front() > policy_.window) {
    deaths_.pop_front();
  }
  deaths_.push_back(now);
  if (deaths_.size() >= policy_.crashes_to_quarantine) {
    deaths_.clear();
    return {true, policy_.quarantine};
  }
  const auto doublings = std::min<std::size_t>(deaths_.size() - 1, 20);
  return {false, std::min(policy_.longest_rest, policy_.first_rest * (std::int64_t{1} << doublings))};
}

}  // namespace quay::daemon::core
