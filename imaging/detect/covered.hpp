// SPDX-License-Identifier: Apache-2.0
// Something that lies over the edge of a photographed sheet: a finger that holds it down, a sleeve, a pen.
#pragma once

#include <optional>

#include "base/image.hpp"
#include "imaging/bend.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

/// Where the same thing is seen on both sides of an edge of `sheet`, and is neither the paper nor what it lies on; the
/// largest such place. What is printed on the sheet ends at its edge, what lies beneath it begins there.
/// Bend: of the sheet, or null. Image: rgb.
std::optional<PixelBox> find_cover(const ImageView& picture, const Quad& sheet, const Bend* bend = nullptr);

}  // namespace quay::imaging
