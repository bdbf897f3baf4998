// SPDX-License-Identifier: Apache-2.0
// Size limits shared by the decoders, checked on header facts before any pixel memory is taken.
#pragma once

#include <cstdint>
#include <string>

#include "base/image.hpp"
#include "base/result.hpp"
#include "base/units.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

/// Errors: image_unreadable for an empty picture, image_too_large above kMaxSide or kMaxPixels.
inline Status check_size(std::int64_t width, std::int64_t height) {
  if (width <= 0 || height <= 0) {
    return failure(Errc::image_unreadable, "image.size", "the picture has no pixels");
  }
  if (width > kMaxSide || height > kMaxSide || width > kMaxPixels / height) {
    return failure(Errc::image_too_large, "image.size",
                   std::to_string(width) + " x " + std::to_string(height) + " pixels; at most " +
                       std::to_string(kMaxSide) + " a side and " + std::to_string(kMaxPixels) + " in all");
  }
  return {};
}

/// Errors: image_unreadable when size, stride and pixels do not agree, and those of check_size.
inline Status check_view(const ImageView& image) {
  if (!image.is_consistent()) {
    return failure(Errc::image_unreadable, "imaging.input", "size, stride and pixels do not agree");
  }
  return check_size(image.size.width, image.size.height);
}

/// `value` as Dpi, or 0 (unknown) when no device could have meant it.
inline Dpi plausible_dpi(double value) { return Dpi{value >= 10 && value <= 10000 ? value : 0}; }

}  // namespace quay::imaging
