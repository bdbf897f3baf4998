// SPDX-License-Identifier: Apache-2.0
// Where a code may be: places as full of dark-light steps as only codes are. Cheap, so that decoders need not search
// the whole page; it may name places that hold no code, and should miss none.
#pragma once

#include <vector>

#include "base/image.hpp"

namespace quay::imaging {

/// Pixels from (left, top) to before (right, bottom).
struct PixelBox {
  std::int32_t left = 0, top = 0, right = 0, bottom = 0;

  PixelSize size() const { return {right - left, bottom - top}; }
};

/// Boxes with their quiet zone, inside the picture, the densest first. Image: gray.
std::vector<PixelBox> code_candidates(const ImageView& gray);

}  // namespace quay::imaging
