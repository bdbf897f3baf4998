// SPDX-License-Identifier: Apache-2.0
// What a flat sheet looks like to a camera: maps between its corners and a rectangle, and the rectangle's proportions.
#pragma once

#include "base/units.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging {

/// The map that takes (0, 0), (1, 0), (1, 1), (0, 1) to the corners (Heckbert 1989, section 2.2.3). The quad must be
/// convex.
Transform unit_square_to(const Quad& quad);

/// Width over height of a sheet.
struct SheetProportion {
  double flat;      ///< mean ratio of the sides as seen
  double in_space;  ///< with the view from an angle undone; `flat` where there is too little of it to tell
};

/// Of the sheet whose corners a camera saw at `quad`, the lens pointing at the picture's middle.
SheetProportion sheet_proportion(const Quad& quad, PixelSize picture);

}  // namespace quay::imaging
