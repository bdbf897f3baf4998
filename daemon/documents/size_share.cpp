// SPDX-License-Identifier: Apache-2.0
#include "daemon/documents/size_share.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace quay::daemon::documents {

std::uint64_t page_limit(std::span<const std::uint64_t> sizes, std::uint64_t limit) {
  std::vector<std::uint64_t> ascending(sizes.begin(), sizes.end());
  std::sort(ascending.begin(), ascending.end());
  std::uint64_t left = limit;
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    const std::uint64_t share = left / (ascending.size() - i);
    if (ascending[i] > share) {
      return share;
    }
    left -= ascending[i];
  }
  return std::numeric_limits<std::uint64_t>::max();
}

}  // namespace quay::daemon::documents
