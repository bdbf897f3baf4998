// SPDX-License-Identifier: Apache-2.0
// PDFs for tests of printing: pages that differ, so that one in another's place is seen.
#pragma once

#include <cstdint>
#include <vector>

namespace quay::test {

/// Page N has N black squares in a row near its upper left corner.
std::vector<std::uint8_t> numbered_pages(int pages, double width_mm = 210, double height_mm = 297);

}  // namespace quay::test
