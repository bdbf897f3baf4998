// SPDX-License-Identifier: Apache-2.0
// Is the paper itself printed on? A certificate's pale coloured ground is a security feature: it must not be whitened
// away with the paper's tint, as stains and what shines through from behind are.
#pragma once

#include "base/image.hpp"
#include "imaging/cleanup/paper.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging {

/// True when pale, coloured print covers the sheet from edge to edge. Image: rgb (a gray one has no hue: false).
/// Sheet: its corners in pixels of the picture.
bool has_pattern(const ImageView& image, const PaperMap& paper, const Quad& sheet);

}  // namespace quay::imaging
