// SPDX-License-Identifier: Apache-2.0
// Edge profiles of a page cut into strips, so that following one edge from strip to strip costs a fraction of the page.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "base/image.hpp"

namespace quay::imaging {

/// Which edges a profile counts: light to dark along it, or dark to light.
enum class EdgeSign : std::uint8_t { darker, lighter };

/// For each strip the strength of its edges at each place along it. Within a strip, pixels are moved by the slope it
/// was made with, so that edges of that slope stay sharp.
struct Strips {
  std::vector<std::vector<float>> profiles;
  std::vector<double> centres;  ///< place of each strip across the page
  std::size_t length = 0;
  std::int32_t width = 0;  ///< of a strip, pixels
};

/// Both signs, for one direction.
struct EdgeStrips {
  std::array<Strips, 2> of;  ///< by EdgeSign
};

/// Profiles along y of vertical strips: edges of text lines and rules. Slope: pixels down for each pixel to the right.
EdgeStrips row_edges(const ImageView& gray, std::int32_t width, double slope);

/// Profiles along x of horizontal strips: upright edges. Slope: pixels to the right for each pixel down.
EdgeStrips column_edges(const ImageView& gray, std::int32_t width, double slope);

}  // namespace quay::imaging
