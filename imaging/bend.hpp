// SPDX-License-Identifier: Apache-2.0
// A sheet that does not lie flat: how far its sides bulge, and where that puts every place of it. Pure arithmetic.
#pragma once

#include <array>
#include <cstddef>

#include "imaging/geometry.hpp"

namespace quay::imaging {

/// Bulges of the four sides of a quad; between them the sheet is drawn out straight from side to side (Coons 1967), as
/// paper that bends one way at a time does. Foreshortening along the bend is left alone: it is small where curl is
/// mild.
class Bend {
 public:
  static constexpr std::size_t kKnots = 33;
  /// Pixels inwards from the chord, at equal parts of it in the order of the quad's corners; 0 at both ends.
  using Side = std::array<double, kKnots>;

  /// Sides: from corner 0 to 1, 1 to 2, 2 to 3, 3 to 0.
  Bend(const Quad& corners, const std::array<Side, 4>& sides);

  /// Where a place of the flat sheet with these corners lies on the bent one. Pixels in, pixels out.
  Point apply(Point flat) const;

  /// The largest bulge of any side, as a share of that side's length.
  double largest() const;

 private:
  double bulge(std::size_t side, double part) const;

  Quad corners_;
  std::array<Side, 4> sides_;
  std::array<Point, 4> inwards_;
  Transform from_unit_;
  Transform to_unit_;
};

/// From output pixels to input pixels: a flat map, and what the sheet does besides. Bend: borrowed, or none.
struct Mapping {
  Transform flat;
  const Bend* bend = nullptr;

  Mapping(const Transform& map, const Bend* bent = nullptr) : flat(map), bend(bent) {}
  Point apply(Point p) const { return bend == nullptr ? flat.apply(p) : bend->apply(flat.apply(p)); }
};

}  // namespace quay::imaging
