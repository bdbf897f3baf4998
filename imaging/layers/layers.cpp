// SPDX-License-Identifier: Apache-2.0
#include "imaging/layers/layers.hpp"

#include <algorithm>

#include "imaging/layers/ground.hpp"
#include "imaging/layers/ink.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

Layers take_apart(const ImageView& page, bool patterned) {
  const Image darkness = darkness_of(page);
  Bitmap mask = ink_mask(darkness);
  Layers out;
  if (patterned && page.format == PixelFormat::rgb) {
    out.ground = ground_of(page, mask, kMinOutputDpi);
  }
  out.pictures = find_pictures(page, darkness, patterned);
  for (const auto& [box, fine] : out.pictures) {
    mask.clear_box(box.left, box.top, box.size());
  }
  out.inks = part_inks(page, mask);
  out.stamps = take_stamps(page, out.inks);
  for (Ink& ink : out.inks) {
    ink.colour = core_colour(page, ink.mask);
  }
  return out;
}

Box ink_box(const Bitmap& mask) {
  Box box{mask.size().width, -1, 0, 0};
  for (std::int32_t y = 0; y < mask.size().height; ++y) {
    const std::uint64_t* row = mask.row(y);
    for (std::size_t k = 0; k < mask.words(); ++k) {
      if (row[k] != 0) {
        const auto base = static_cast<std::int32_t>(k) * 64;
        box.left = std::min(box.left, base + std::countl_zero(row[k]));
        box.right = std::max(box.right, base + 64 - std::countr_zero(row[k]));
        box.top = box.top < 0 ? y : box.top;
        box.bottom = y + 1;
      }
    }
  }
  return box.top < 0 ? Box{} : box;
}

}  // namespace quay::imaging
