// SPDX-License-Identifier: Apache-2.0
// Parts a page's ink by colour: black, and each hue of coloured ink with the colour it really has.
#pragma once

#include <array>
#include <vector>

#include "base/image.hpp"
#include "imaging/bitmap.hpp"

namespace quay::imaging {

using Rgb = std::array<std::uint8_t, 3>;

/// Ink of one colour. `mask` has the page's size.
struct Ink {
  Rgb colour{};
  Bitmap mask;
  bool coloured = false;  ///< false: black, grey
};

/// Mean colour of the mask's pixels that are ink all around (if there are any): edges are mixed with paper.
Rgb core_colour(const ImageView& page, const Bitmap& mask);

/// The inks of `mask`, black first, colours not yet set; they share no pixel and together are all of it. Image: gray or
/// rgb.
std::vector<Ink> part_inks(const ImageView& page, const Bitmap& mask);

}  // namespace quay::imaging
