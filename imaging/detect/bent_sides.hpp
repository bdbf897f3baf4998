// SPDX-License-Identifier: Apache-2.0
// The sides of a sheet that does not lie flat, traced as curves from a rough quad, and the corners where they meet.
#pragma once

#include <array>
#include <functional>
#include <optional>

#include "base/image.hpp"
#include "imaging/bend.hpp"

namespace quay::imaging {

/// What tracing needs to know of the picture reduced for the search.
struct RoughSheet {
  Quad quad;                ///< pixels of the reduced picture
  std::int32_t factor = 1;  ///< of the reduction
  double reach = 0;         ///< how far from a side of `quad` its edge may lie, in pixels of the reduced picture
  /// How strongly the sheet's edge of one side shows at a place of the reduced picture; 0: not at all.
  std::function<int(std::size_t side, Point place)> edge;
};

struct BentSheet {
  Quad corners;  ///< pixels of the full picture
  std::array<Bend::Side, 4> sides;
};

/// Nothing when a side cannot be followed. Image: rgb, the full picture.
std::optional<BentSheet> trace_sides(const ImageView& image, const RoughSheet& rough);

}  // namespace quay::imaging
