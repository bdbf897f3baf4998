// SPDX-License-Identifier: Apache-2.0
// Connected components of a bitmap (eight neighbours), found from runs of ink: time goes with the ink, not the page.
#pragma once

#include <cstdint>
#include <vector>

#include "imaging/bitmap.hpp"

namespace quay::imaging {

/// Ink from `begin` to before `end` in row y; it belongs to component `label`.
struct Run {
  std::int32_t y = 0;
  std::int32_t begin = 0;
  std::int32_t end = 0;
  std::uint32_t label = 0;
};

struct Component {
  std::int32_t left = 0, top = 0, right = 0, bottom = 0;  ///< right and bottom lie outside
  std::int32_t pixels = 0;
  std::uint32_t first_run = 0;  ///< place in Components::order
  std::uint32_t runs = 0;

  PixelSize size() const { return {right - left, bottom - top}; }
};

/// All runs in reading order, and the components that they form in order of their first run.
struct Components {
  std::vector<Run> runs;
  std::vector<Component> list;
  std::vector<std::uint32_t> order;  ///< run numbers, component after component

  /// The component alone, cut to its box.
  Bitmap cut(const Component& component) const;
};

Components find_components(const Bitmap& bitmap);

/// Calls `each(begin, end)` for every run of ink of a row.
template <class Each>
void for_each_run(const std::uint64_t* row, std::size_t words, Each each) {
  std::int32_t begin = -1;
  for (std::size_t k = 0; k < words; ++k) {
    std::uint64_t word = row[k];
    if (begin < 0 && word == 0) {
      continue;
    }
    const auto base = static_cast<std::int32_t>(k) * 64;
    std::int32_t at = 0;
    while (at < 64) {
      const std::uint64_t rest = begin < 0 ? word << at : ~word << at;
      const int skip = rest == 0 ? 64 : std::countl_zero(rest);
      at += skip;
      if (at >= 64) {
        break;
      }
      if (begin < 0) {
        begin = base + at;
      } else {
        each(begin, base + at);
        begin = -1;
      }
    }
  }
}

}  // namespace quay::imaging
