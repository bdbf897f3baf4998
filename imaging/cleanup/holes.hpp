// SPDX-License-Identifier: Apache-2.0
// Punch holes: what lies behind the sheet shows through as a dark disc. Only what cannot be print counts as one: exact
// discs of one even dark colour, of a punch's size, at least two of them as far apart and as near to an edge as a
// punch puts them (ISO 838, or three of ANSI). A single dark disc may be anything, and stays.
#pragma once

#include <cstdint>
#include <vector>

#include "base/image.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging {

/// A disc, in pixels of the output.
struct Hole {
  Point centre;
  double radius = 0;
};

/// Where to look.
struct HoleSearch {
  ImageView image;  ///< gray, full size
  ImageView small;  ///< the same picture reduced by `factor`, gray or rgb
  std::int32_t factor = 1;
  const Transform& to_output;  ///< of the full picture; borrowed
  PixelSize output;
  Dpi dpi;  ///< of the output
};

/// The holes of the page that the output will show.
std::vector<Hole> find_holes(const HoleSearch& search);

/// What holes are painted over with.
enum class Filling : std::uint8_t { white, as_around };

/// Paints over holes, and the shadow around each. Page: gray or rgb, the holes in its pixels.
void fill_holes(Image& page, const std::vector<Hole>& holes, Filling filling);

}  // namespace quay::imaging
