// SPDX-License-Identifier: Apache-2.0
// The turn of a page's content, from how sharply its rows and columns stand out when projected along a direction.
// Works on whatever is straight: text lines, rules, frames, card edges.
#pragma once

#include "base/image.hpp"

namespace quay::imaging {

struct Skew {
  double angle_deg = 0;   ///< clockwise turn of the content, within +-kMaxSkewDeg
  double confidence = 0;  ///< 0 nothing straight found .. 1
};

inline constexpr double kMaxSkewDeg = 20;

/// Image: gray, any size. Notes: an A4 page at 300 dpi takes about 20 ms; error about 0.003 degrees on text.
Skew find_skew(const ImageView& gray);

}  // namespace quay::imaging
