// SPDX-License-Identifier: Apache-2.0
// One bit a pixel in 64-bit words: what masks are made, compared and coded from. Leftmost pixel in the highest bit,
// 1 = ink. Bits beyond the width, and a spare word behind each row, are always 0.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "base/image.hpp"
#include "base/units.hpp"

namespace quay::imaging {

class Bitmap {
 public:
  Bitmap() = default;
  /// All pixels 0. `size` may be empty.
  explicit Bitmap(PixelSize size)
      : size_(size),
        words_(static_cast<std::size_t>(size.width + 63) / 64 + 1),
        bits_(words_ * static_cast<std::size_t>(size.height)) {}

  PixelSize size() const { return size_; }
  bool operator==(const Bitmap&) const = default;

  /// Words of a row, the spare one included.
  std::size_t words() const { return words_; }
  std::uint64_t* row(std::int32_t y) { return bits_.data() + static_cast<std::size_t>(y) * words_; }
  const std::uint64_t* row(std::int32_t y) const { return bits_.data() + static_cast<std::size_t>(y) * words_; }

  /// The pixel must lie inside.
  bool get(std::int32_t x, std::int32_t y) const {
    return (row(y)[static_cast<std::size_t>(x) / 64] >> (63 - x % 64) & 1) != 0;
  }
  void set(std::int32_t x, std::int32_t y) {
    row(y)[static_cast<std::size_t>(x) / 64] |= std::uint64_t{1} << (63 - x % 64);
  }
  void clear(std::int32_t x, std::int32_t y) {
    row(y)[static_cast<std::size_t>(x) / 64] &= ~(std::uint64_t{1} << (63 - x % 64));
  }

  /// Sets [begin, end) of row y, which must lie inside.
  void set_run(std::int32_t y, std::int32_t begin, std::int32_t end) {
    std::uint64_t* words = row(y);
    while (begin < end) {
      const std::int32_t bit = begin % 64;
      const std::int32_t count = end - begin < 64 - bit ? end - begin : 64 - bit;
      const std::uint64_t ones = count == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
      words[begin / 64] |= ones << (64 - bit - count);
      begin += count;
    }
  }

  /// 64 pixels of row y from `begin` on, which may lie outside: there it is all 0.
  std::uint64_t bits(std::int32_t y, std::int32_t begin) const {
    const std::uint64_t* words = row(y);
    const auto count = static_cast<std::int32_t>(words_);
    const std::int32_t k = begin >> 6;
    const int bit = begin & 63;
    const std::uint64_t first = k >= 0 && k < count ? words[k] : 0;
    const std::uint64_t second = bit != 0 && k + 1 >= 0 && k + 1 < count ? words[k + 1] : 0;
    return bit == 0 ? first : first << bit | second >> (64 - bit);
  }

  /// The rectangle from (left, top) on, which must lie inside.
  Bitmap cut(std::int32_t left, std::int32_t top, PixelSize size) const;

  /// Sets the rectangle to 0; it must lie inside.
  void clear_box(std::int32_t left, std::int32_t top, PixelSize size);

  /// Number of pixels that are 1.
  std::int64_t count() const {
    std::int64_t sum = 0;
    for (const std::uint64_t word : bits_) {
      sum += std::popcount(word);
    }
    return sum;
  }

 private:
  PixelSize size_;
  std::size_t words_ = 1;
  std::vector<std::uint64_t> bits_;
};

/// Row y of `mask`, grown by `reach` < 64 pixels in every direction.
void grown_row(const Bitmap& mask, std::int32_t y, std::int32_t reach, std::vector<std::uint64_t>& out);

/// Pixels of a bitonal view.
Bitmap to_bitmap(const ImageView& bitonal);

/// The same as a bitonal image.
Image to_image(const Bitmap& bitmap, Dpi dpi);

}  // namespace quay::imaging
