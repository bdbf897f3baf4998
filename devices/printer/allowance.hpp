// SPDX-License-Identifier: Apache-2.0
// A span of time that begins when it is first asked for: how long something bad may last.
#pragma once

#include <algorithm>

#include "base/clock.hpp"

namespace quay::printer {

class Allowance {
 public:
  /// True when `span` has passed since the first call. The shortest span that was ever asked for counts.
  bool used_up(Milliseconds span) {
    until_ = std::min(until_, deadline_in(span));
    return SteadyClock::now() >= until_;
  }

  /// What was bad is good again.
  void renew() { until_ = Deadline::max(); }

 private:
  Deadline until_ = Deadline::max();
};

}  // namespace quay::printer
