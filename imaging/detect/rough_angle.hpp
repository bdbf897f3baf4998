// SPDX-License-Identifier: Apache-2.0
// The turn of a page to about half a degree, over a whole quarter turn alike: no angle is preferred by the way it is
// looked for.
#pragma once

#include <optional>

#include "base/image.hpp"

namespace quay::imaging {

/// An angle at which the edges of a page line up.
struct RoughAngle {
  double angle_deg = 0;  ///< clockwise, -45 .. 45
  double strength = 0;   ///< how often the strength of an angle at which nothing lines up; 1: none does
};

/// The angle that stands out most; nothing on a page without an edge. Small: gray, a few hundred pixels a side, so that
/// lines of text are a few pixels apart. Stretch: as in find_skew.
std::optional<RoughAngle> rough_angle(const ImageView& small, double stretch);

}  // namespace quay::imaging
