// SPDX-License-Identifier: Apache-2.0
// Small grey copies of a page, on which the detectors work.
#pragma once

#include "base/image.hpp"

namespace quay::imaging {

/// Any view as gray (luma, ITU-R BT.601) or rgb at full size; bitonal becomes 0 and 255. Owned.
Image to_gray(const ImageView& image);

/// A gray view cut at the middle: darker than 128 is black.
Image to_bitonal(const ImageView& gray);

/// A bitonal view as gray; gray and rgb copied. Owned, packed.
Image to_bytes(const ImageView& image);

/// Box average by the whole number `factor` >= 1 of a gray or rgb view; a rest at the right and bottom edge is averaged
/// over what is there, so that a 1x1 page has a 1x1 reduction.
Image reduce(const ImageView& image, std::int32_t factor);

}  // namespace quay::imaging
