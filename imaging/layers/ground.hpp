// SPDX-License-Identifier: Apache-2.0
// The printed ground of a page without what is written on it.
#pragma once

#include "base/image.hpp"
#include "imaging/bitmap.hpp"

namespace quay::imaging {

/// The page at a resolution of at most `dpi` with the ink of `mask` (of the page's size), and its soft edges, painted
/// over from beside it. Page: rgb.
Image ground_of(const ImageView& page, const Bitmap& mask, Dpi dpi);

}  // namespace quay::imaging
