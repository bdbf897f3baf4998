// SPDX-License-Identifier: Apache-2.0
// Where a code may be: places as full of dark-light steps as only codes are. Cheap, so that decoders need not search
// the whole page; it may name places that hold no code, and should miss none.
#pragma once

#include <vector>

#include "base/image.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

inline PixelSize size_of(const PixelBox& box) { return {box.right - box.left, box.bottom - box.top}; }

/// Boxes with their quiet zone, inside the picture, the densest first. Image: gray.
std::vector<PixelBox> code_candidates(const ImageView& gray);

}  // namespace quay::imaging
