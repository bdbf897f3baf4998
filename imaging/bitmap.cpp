// SPDX-License-Identifier: Apache-2.0
#include "imaging/bitmap.hpp"

#include <algorithm>

namespace quay::imaging {

Bitmap Bitmap::cut(std::int32_t left, std::int32_t top, PixelSize size) const {
  Bitmap out(size);
  for (std::int32_t y = 0; y < size.height; ++y) {
    std::uint64_t* to = out.row(y);
    for (std::int32_t x = 0; x < size.width; x += 64) {
      const std::int32_t beyond = std::max(0, x + 64 - size.width);
      to[x / 64] = bits(top + y, left + x) >> beyond << beyond;
    }
  }
  return out;
}

void Bitmap::clear_box(std::int32_t left, std::int32_t top, PixelSize size) {
  for (std::int32_t y = top; y < top + size.height; ++y) {
    std::uint64_t* words = row(y);
    for (std::int32_t x = left; x < left + size.width;) {
      const std::int32_t bit = x % 64;
      const std::int32_t count = std::min(64 - bit, left + size.width - x);
      const std::uint64_t ones = count == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
      words[x / 64] &= ~(ones << (64 - bit - count));
      x += count;
    }
  }
}

void grown_row(const Bitmap& mask, std::int32_t y, std::int32_t reach, std::vector<std::uint64_t>& out) {
  out.assign(mask.words(), 0);
  for (std::int32_t v = std::max(0, y - reach); v <= std::min(mask.size().height - 1, y + reach); ++v) {
    for (std::size_t k = 0; k < out.size(); ++k) {
      out[k] |= mask.row(v)[k];
    }
  }
  const std::vector<std::uint64_t> core = out;
  for (std::int32_t shift = 1; shift <= reach; ++shift) {
    for (std::size_t k = 0; k < out.size(); ++k) {
      out[k] |= core[k] >> shift | (k > 0 ? core[k - 1] << (64 - shift) : 0);
      out[k] |= core[k] << shift | (k + 1 < core.size() ? core[k + 1] >> (64 - shift) : 0);
    }
  }
}

Bitmap to_bitmap(const ImageView& bitonal) {
  Bitmap out(bitonal.size);
  const std::size_t bytes = packed_row_bytes(PixelFormat::bitonal, bitonal.size.width);
  const auto rest = static_cast<unsigned>(bytes * 8 - static_cast<std::size_t>(bitonal.size.width));
  for (std::int32_t y = 0; y < bitonal.size.height; ++y) {
    const std::uint8_t* from = bitonal.row(y);
    std::uint64_t* to = out.row(y);
    for (std::size_t i = 0; i < bytes; ++i) {
      const unsigned byte = from[i];
      const unsigned kept = i + 1 == bytes ? byte >> rest << rest : byte;
      to[i / 8] |= static_cast<std::uint64_t>(kept) << (56 - 8 * (i % 8));
    }
  }
  return out;
}

Image to_image(const Bitmap& bitmap, Dpi dpi) {
  Image out(PixelFormat::bitonal, bitmap.size(), dpi);
  for (std::int32_t y = 0; y < bitmap.size().height; ++y) {
    const std::uint64_t* from = bitmap.row(y);
    std::uint8_t* to = out.row(y);
    for (std::size_t i = 0; i < out.stride_bytes(); ++i) {
      to[i] = static_cast<std::uint8_t>(from[i / 8] >> (56 - 8 * (i % 8)));
    }
  }
  return out;
}

}  // namespace quay::imaging
