// SPDX-License-Identifier: Apache-2.0
// Which way up a written page lies: along its lines letters stand closer than from line to line; and the dots, hats and
// tone marks of Latin letters, of Vietnamese ones above all, stand over them far oftener than under them.
#pragma once

#include "base/image.hpp"

namespace quay::imaging {

struct Orientation {
  std::int32_t turned_deg = 0;  ///< how far clockwise the page lies turned: 0, 90, 180, 270
  bool certain = false;         ///< false: too little is written, or the marks do not agree; turned_deg is 0
};

inline constexpr Dpi kOrientationDpi{120};

/// Page: gray, at kOrientationDpi, its lines along the picture's rows or columns.
Orientation find_orientation(const ImageView& page);

}  // namespace quay::imaging
