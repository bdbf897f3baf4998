// SPDX-License-Identifier: Apache-2.0
// How long a dead worker rests before the next try, and when to stop trying: a pure function of when it died before.
#pragma once

#include <deque>

#include "base/clock.hpp"

namespace quay::daemon::core {

struct CrashPolicy {
  Milliseconds first_rest{100};
  Milliseconds longest_rest{10'000};
  std::size_t crashes_to_quarantine = 5;
  Milliseconds window{60'000};
  Milliseconds quarantine{300'000};
};

class CrashHistory {
 public:
  explicit CrashHistory(CrashPolicy policy = {}) : policy_(policy) {}

  struct Verdict {
    bool quarantine = false;
    Milliseconds rest{0};
  };

  /// Notes a death at `now`. Doubles the rest with each death inside the window.
  Verdict note(SteadyClock::time_point now);

  /// Forgets everything: the worker did its work again, or a technician said so.
  void clear() { deaths_.clear(); }

 private:
  CrashPolicy policy_;
  std::deque<SteadyClock::time_point> deaths_;
};

}  // namespace quay::daemon::core
