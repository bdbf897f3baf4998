// SPDX-License-Identifier: Apache-2.0
// Measured times of ours and of bare libzmq, taken in turns so that whatever else the machine does hits both.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "protocol/json/reader.hpp"

namespace quay::bench {

using Microseconds = std::chrono::duration<double, std::micro>;

class Samples {
 public:
  void add(SteadyClock::duration span) { values_.push_back(Microseconds(span).count()); }
  void add(double microseconds) { values_.push_back(microseconds); }
  std::size_t size() const { return values_.size(); }

  /// The value below which `percent` of all lie; 0 when there are none.
  double percentile(double percent) const;

 private:
  mutable std::vector<double> values_;
};

/// {"ours_p50": ..., "ours_p99": ..., "bare_p50": ..., "bare_p99": ..., "count": N}, in microseconds.
protocol::json::object compare(const Samples& ours, const Samples& bare);

}  // namespace quay::bench
