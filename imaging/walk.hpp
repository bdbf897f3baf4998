// SPDX-License-Identifier: Apache-2.0
// Ways over a grid of pixels, cells or tiles, row by row. The loops that every step needs, written once; they inline.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/units.hpp"

namespace quay::imaging {

/// A part of a grid; right and bottom lie outside.
struct Span2 {
  std::int32_t left = 0, top = 0, right = 0, bottom = 0;
};

/// Calls `each(x, y)` for every place of `part`.
template <class Each>
void for_each_place(const Span2& part, Each each) {
  for (std::int32_t y = part.top; y < part.bottom; ++y) {
    for (std::int32_t x = part.left; x < part.right; ++x) {
      each(x, y);
    }
  }
}

template <class Each>
void for_each_place(PixelSize size, Each each) {
  for_each_place(Span2{0, 0, size.width, size.height}, each);
}

/// The places at most `reach` away from (x, y) in either direction, itself among them, cut to a grid of `size`.
inline Span2 around(PixelSize size, std::int32_t x, std::int32_t y, std::int32_t reach) {
  return {std::max(0, x - reach), std::max(0, y - reach), std::min(size.width, x + reach + 1),
          std::min(size.height, y + reach + 1)};
}

inline bool holds(PixelSize size, std::int32_t x, std::int32_t y) {
  return x >= 0 && y >= 0 && x < size.width && y < size.height;
}

/// Where (x, y) stands in a grid whose rows follow each other.
inline std::size_t place_of(PixelSize size, std::int32_t x, std::int32_t y) {
  return static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) + static_cast<std::size_t>(x);
}

}  // namespace quay::imaging
