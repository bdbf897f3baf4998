// SPDX-License-Identifier: Apache-2.0
// Bilinear samples of a picture along output rows. Geometry in, pixels out; knows nothing of paper.
#pragma once

#include "base/image.hpp"
#include "imaging/bend.hpp"

namespace quay::imaging {

/// Output pixels between two exact places: in between, the way through the input is straight. Exact for a turn, and far
/// within a pixel for a sheet seen from an angle.
inline constexpr std::int32_t kKnot = 16;

/// Samples output row y, `width` pixels, white where there is no input. Image: gray or rgb, `to` holds one row of it.
void sample_row(const ImageView& image, const Mapping& to_input, std::int32_t y, std::int32_t width, std::uint8_t* to);

}  // namespace quay::imaging
