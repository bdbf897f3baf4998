// SPDX-License-Identifier: Apache-2.0
#include "bench/messaging/samples.hpp"

#include <algorithm>

namespace quay::bench {

double Samples::percentile(double percent) const {
  if (values_.empty()) {
    return 0;
  }
  std::sort(values_.begin(), values_.end());
  const auto rank = static_cast<std::size_t>(percent / 100.0 * static_cast<double>(values_.size()));
  return values_[std::min(rank, values_.size() - 1)];
}

protocol::json::object compare(const Samples& ours, const Samples& bare) {
  return {{"ours_p50", ours.percentile(50)},
          {"ours_p99", ours.percentile(99)},
          {"bare_p50", bare.percentile(50)},
          {"bare_p99", bare.percentile(99)},
          {"count", ours.size()}};
}

}  // namespace quay::bench
