// SPDX-License-Identifier: Apache-2.0
// A paper on a bed, roughly known, measured in the full picture; and the bed's colour, which all that compares with.
#pragma once

#include <cstdint>
#include <vector>

#include "imaging/detect/papers.hpp"

namespace quay::imaging {

inline constexpr int kBedContrast = 9;  ///< levels, in any channel, that tell a paper from the bed

/// The pixel, or the nearest one of the picture's rim. Image: gray or rgb.
BedColour colour_at(const ImageView& image, std::int32_t x, std::int32_t y);

/// Levels in the channel that differs most.
int difference(const BedColour& a, const BedColour& b);

/// `values` is not empty and gets reordered.
std::uint8_t median(std::vector<std::uint8_t>& values);

/// All sides moved inwards by so many pixels.
Quad shrunk(const Quad& quad, double by);

/// Moves each side of `rough`, at most 3 mm off, to where the bed's colour ends. A side that lies at the picture's own
/// rim stays; when more than two do, or a side is not clear, `certain` says so.
FoundPaper measure_paper(const BedView& view, const BedColour& bed, const Quad& rough);

}  // namespace quay::imaging
