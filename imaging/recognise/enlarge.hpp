// SPDX-License-Identifier: Apache-2.0
// Patches cut out of a grey page, and enlarged with a cubic that sharpens, for decoders that want thicker modules.
#pragma once

#include "base/image.hpp"
#include "imaging/recognise/candidates.hpp"

namespace quay::imaging {

/// The box, which must lie inside the gray picture, as a picture of its own.
Image cut_gray(const ImageView& gray, const PixelBox& box);

/// `times` larger both ways (Keys cubic, a = -0.75: a little sharper than life). Image: gray.
Image enlarge(const ImageView& gray, std::int32_t times);

}  // namespace quay::imaging
