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

/// The first place from `at` on (at most 63) where a word has paper (`ink`) or ink (not `ink`); 64 or more: none.
constexpr std::int32_t next_change(std::uint64_t word, std::int32_t at, bool ink) {
  const std::uint64_t rest = (ink ? ~word : word) << at;
  return rest == 0 ? 64 : at + std::countl_zero(rest);
}

/// Calls `each(begin, end)` for every run of ink of a row.
template <class Each>
void for_each_run(const std::uint64_t* row, std::size_t words, Each each) {
  std::int32_t begin = -1;  // of the run that is open
  for (std::size_t k = 0; k < words; ++k) {
    if (begin < 0 && row[k] == 0) {
      continue;
    }
    const auto base = static_cast<std::int32_t>(k) * 64;
    std::int32_t at = next_change(row[k], 0, begin >= 0);
    while (at < 64) {
      if (begin >= 0) {
        each(begin, base + at);
      }
      begin = begin < 0 ? base + at : -1;
      at = next_change(row[k], at, begin >= 0);
    }
  }
}

/// Calls `each(y, begin, end)` for every run of ink.
template <class Each>
void for_each_run(const Bitmap& bitmap, Each each) {
  for (std::int32_t y = 0; y < bitmap.size().height; ++y) {
    for_each_run(bitmap.row(y), bitmap.words(), [&](std::int32_t begin, std::int32_t end) { each(y, begin, end); });
  }
}

/// Calls `each(x, y)` for every pixel of ink.
template <class Each>
void for_each_ink(const Bitmap& bitmap, Each each) {
  for_each_run(bitmap, [&](std::int32_t y, std::int32_t begin, std::int32_t end) {
    for (std::int32_t x = begin; x < end; ++x) {
      each(x, y);
    }
  });
}

}  // namespace quay::imaging
