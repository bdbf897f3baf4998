// SPDX-License-Identifier: Apache-2.0
// How large a page may be when all pages together have a limit. Pure.
#pragma once

#include <cstdint>
#include <span>

namespace quay::daemon::documents {

/// The size that no page may exceed so that the sum of `sizes` is at most `limit`: small pages stay as they are, and
/// what they leave is shared by the large ones. The largest value there is when nothing has to change.
std::uint64_t page_limit(std::span<const std::uint64_t> sizes, std::uint64_t limit);

}  // namespace quay::daemon::documents
