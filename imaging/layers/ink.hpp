// SPDX-License-Identifier: Apache-2.0
// Where a whitened page is written on: ink stands out from its nearest surroundings, be it black text or faint pencil.
#pragma once

#include "base/image.hpp"
#include "imaging/bitmap.hpp"

namespace quay::imaging {

/// How far each pixel is from white in its strongest colour channel, evened out over 3 x 3 pixels. Gray, same size.
/// Image: gray or rgb.
Image darkness_of(const ImageView& page);

/// Pixels at least about half as dark as the darkest within four pixels, and darker than any paper. `darkness` as
/// darkness_of gives it.
Bitmap ink_mask(const Image& darkness);

/// Darkness up to which a pixel counts as paper.
inline constexpr std::uint8_t kPaperDarkness = 44;

}  // namespace quay::imaging
