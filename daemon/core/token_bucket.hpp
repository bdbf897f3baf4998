// SPDX-License-Identifier: Apache-2.0
// How often somebody may ask: `per_second` in the long run, `burst` at once. Pure: the time comes in from outside.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/clock.hpp"

namespace quay::daemon::core {

struct Rate {
  double per_second = 1;
  double burst = 1;
};

class TokenBucket {
 public:
  TokenBucket(Rate rate, Deadline now) : rate_(rate), tokens_(rate.burst), seen_(now) {}

  /// Takes one token. False, and nothing taken, when there is none.
  bool take(Deadline now) {
    refill(now);
    if (tokens_ < 1) {
      return false;
    }
    tokens_ -= 1;
    return true;
  }

  /// How long until there is a token again.
  Milliseconds wait() const {
    const double missing = std::max(0.0, 1 - tokens_);
    return std::chrono::ceil<Milliseconds>(std::chrono::duration<double>(missing / rate_.per_second));
  }

  /// As good as new: nothing is lost by forgetting it.
  bool full(Deadline now) const { return tokens_at(now) >= rate_.burst; }

 private:
  double tokens_at(Deadline now) const {
    const std::chrono::duration<double> passed = now - seen_;
    return std::min(rate_.burst, tokens_ + std::max(0.0, passed.count()) * rate_.per_second);
  }
  void refill(Deadline now) {
    tokens_ = tokens_at(now);
    seen_ = now;
  }

  Rate rate_;
  double tokens_;
  Deadline seen_;
};

}  // namespace quay::daemon::core
