// SPDX-License-Identifier: Apache-2.0
// Where the sheet ends and the scanner's bed begins. The turn is known already, so that an edge is a step between
// lines averaged over their whole length, and shows even where white paper lies on a white bed.
#pragma once

#include "base/image.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging {

/// Upright rectangle after turning the picture about its centre by -angle_deg. Pixels of the full picture.
struct SheetBox {
  double left = 0, top = 0, right = 0, bottom = 0;
  bool left_found = false, top_found = false, right_found = false, bottom_found = false;
  bool strong = false;  ///< all four edges found, each a clear step: no mere fold or stain

  double width() const { return right - left; }
  double height() const { return bottom - top; }
};

/// Looks for the four edges in `small`, the picture reduced by `factor` (gray or rgb). Sides without an edge stay at
/// the picture's border. An edge that would cut ink off is not taken.
SheetBox find_sheet(const ImageView& small, std::int32_t factor, double angle_deg);

/// Does anything of `small` that would fall outside `box` look written on? Faint marks count, bare paper does not.
bool writes_outside(const ImageView& small, std::int32_t factor, double angle_deg, const SheetBox& box);

/// Share of `small` (gray or rgb) that is written on, borders left out; below kBlankShare a page counts as blank.
double ink_share(const ImageView& small);
inline constexpr double kBlankShare = 0.0004;

}  // namespace quay::imaging
