// SPDX-License-Identifier: Apache-2.0
// Papers and cards that lie apart on a scanner's glass, at any angle: whatever differs from the bed all around it and
// is a rectangle. A page that covers the glass is none.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/image.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging {

/// A picture, its copy reduced by `factor`, and the true resolution of the picture. Gray or rgb.
struct BedView {
  const ImageView& image;
  const ImageView& small;
  std::int32_t factor = 1;
  Dpi dpi;
};

/// A rectangle on the bed, measured in the full picture.
struct FoundPaper {
  Quad quad{};            ///< clockwise; the first side is the one that runs most nearly to the right
  PaperSize size{};       ///< lengths of that side and the next
  double certain = 0;     ///< share of the places looked at, on the worst side, where the edge lies on a line
  bool brighter = false;  ///< than the bed
};

using BedColour = std::array<std::uint8_t, 3>;

/// All of them, top ones first, and whether the bed is bare beside them.
struct Papers {
  std::vector<FoundPaper> list;
  BedColour bed{};  ///< red, green, blue; a gray picture has three times the same
  bool bare_beside = false;
};

/// Does the quad, grown by `slack` pixels, hold the point?
bool holds(const Quad& quad, Point p, double slack);

/// Nothing smaller than 25 mm; papers do not touch and are seen straight from above.
Papers find_papers(const BedView& view);

}  // namespace quay::imaging
