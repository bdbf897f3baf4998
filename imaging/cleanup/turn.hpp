// SPDX-License-Identifier: Apache-2.0
// Quarter turns: every pixel keeps its value and only changes its place.
#pragma once

#include "base/image.hpp"

namespace quay::imaging {

/// `image` turned clockwise by `degrees`, a multiple of 90. Image: any format and stride in, the same format out.
Image turned(const ImageView& image, std::int32_t degrees);

}  // namespace quay::imaging
