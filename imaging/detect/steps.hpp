// SPDX-License-Identifier: Apache-2.0
// Steps from dark to bright over a few pixels: edges of sheets. A thin line, dark on both sides alike, is none.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/image.hpp"

namespace quay::imaging {

/// How strongly the picture gets brighter in one direction, 0 where it does not.
struct StepMap {
  PixelSize size;
  std::vector<std::uint8_t> strength;

  int at(std::int32_t x, std::int32_t y) const {
    return x < 0 || y < 0 || x >= size.width || y >= size.height
               ? 0
               : strength[static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) +
                          static_cast<std::size_t>(x)];
  }
  /// The strength when it is the greatest across the edge (along x for an upright one), else 0.
  int ridge(std::int32_t x, std::int32_t y, bool upright) const;
  /// Is there a step within two pixels across the edge?
  bool near(double x, double y, bool upright) const;
};

/// Towards the right, downwards, to the left, upwards: what the left, top, right, bottom edge of a sheet does. Small:
/// rgb.
std::array<StepMap, 4> find_steps(const ImageView& small);

}  // namespace quay::imaging
