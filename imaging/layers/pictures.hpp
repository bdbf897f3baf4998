// SPDX-License-Identifier: Apache-2.0
// Photos, cards and shaded areas of a whitened page: places without paper between the marks, which are no strokes.
#pragma once

#include <vector>

#include "base/image.hpp"

namespace quay::imaging {

/// A rectangle of pixels; right and bottom lie outside.
struct Box {
  std::int32_t left = 0, top = 0, right = 0, bottom = 0;
  PixelSize size() const { return {right - left, bottom - top}; }
  bool operator==(const Box&) const = default;
};

struct Picture {
  Box box;
  bool fine = false;  ///< pale, so that there may be print on it: keep all detail
};

/// Boxes that do not overlap. `page`: gray or rgb; `darkness`: of the same page; `patterned`: its paper is not white.
std::vector<Picture> find_pictures(const ImageView& page, const Image& darkness, bool patterned);

}  // namespace quay::imaging
