// SPDX-License-Identifier: Apache-2.0
// Making pictures smaller: every input pixel counts by the area it covers, so that no thin line gets lost or doubled.
#pragma once

#include "base/image.hpp"

namespace quay::imaging {

/// `length` pixels of `from` at `to`, at least 1; never more than there were.
std::int32_t scaled(std::int32_t length, Dpi from, Dpi to);

/// A gray or rgb view at `size`, which must be no larger; dpi goes with the width.
Image shrink(const ImageView& image, PixelSize size);

/// The same at `dpi`; as it is when that is no less than the view has.
Image shrink(const ImageView& image, Dpi dpi);

/// The part of a gray or rgb view that begins at (left, top); it must lie inside. Borrows.
ImageView cut_view(const ImageView& image, std::int32_t left, std::int32_t top, PixelSize size);

}  // namespace quay::imaging
