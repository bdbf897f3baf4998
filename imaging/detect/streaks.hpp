// SPDX-License-Identifier: Apache-2.0
// Dirt on the glass of a feeder draws a line down every page: straight along the way of the paper, from its first row
// to its last. Nothing that is printed does that.
#pragma once

#include <vector>

#include "base/image.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

/// Such lines in a scan, as boxes of the picture's height, from left to right. Image: gray or rgb, as it came in; its
/// dpi is taken to be `dpi`.
std::vector<PixelBox> find_streaks(const ImageView& scan, Dpi dpi);

}  // namespace quay::imaging
