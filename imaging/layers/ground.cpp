// SPDX-License-Identifier: Apache-2.0
#include "imaging/layers/ground.hpp"

#include <array>
#include <vector>

#include "imaging/scale.hpp"
#include "imaging/simd.hpp"

namespace quay::imaging {
namespace {

constexpr std::int32_t kEdge = 2;  // pixels around ink that are mixed with it

/// Red, green and blue of the bare pixels under one pixel of the ground, and how many they are.
using Sum = std::array<std::uint32_t, 4>;

/// Adds up the bare pixels of rows: first down the columns, where 257 rows fit sixteen bits, then along them.
class BareSums {
 public:
  BareSums(std::int32_t page_width, std::int32_t ground_width)
      : colours_(static_cast<std::size_t>(page_width) * 3),
        counts_(static_cast<std::size_t>(page_width)),
        sums_(static_cast<std::size_t>(ground_width)) {
    for (std::int64_t x = 0; x < page_width; ++x) {
      columns_.push_back(static_cast<std::int32_t>(x * ground_width / page_width));
    }
  }

  void add_row(const std::uint8_t* row, const std::vector<std::uint64_t>& ink) {
    for (std::size_t begin = 0; begin < counts_.size(); begin += kWord) {
      const std::uint64_t word = ink[begin / kWord];
      if (word == 0 && begin + kWord <= counts_.size()) {
        add_bare(row, begin);
      } else if (word != ~std::uint64_t{0}) {
        add_some(row, begin, word);
      }
    }
  }

  /// The sums for each pixel of the ground; the next rows begin anew.
  const std::vector<Sum>& take() {
    std::fill(sums_.begin(), sums_.end(), Sum{});
    const std::uint16_t *colour = colours_.data(), *count = counts_.data();
    for (const std::int32_t column : columns_) {
      Sum& sum = sums_.data()[column];
      sum = {sum[0] + colour[0], sum[1] + colour[1], sum[2] + colour[2], sum[3] + *count++};
      colour += 3;
    }
    std::fill(colours_.begin(), colours_.end(), std::uint16_t{0});
    std::fill(counts_.begin(), counts_.end(), std::uint16_t{0});
    return sums_;
  }

 private:
  static constexpr std::size_t kWord = 64;

  void add_bare(const std::uint8_t* row, std::size_t begin) {
    const std::uint8_t* from = row + 3 * begin;
    std::uint16_t* colours = colours_.data() + 3 * begin;
    for (std::size_t i = 0; i < 3 * kWord; i += 8) {
      store(colours + i, load<U16x8>(colours + i) + widen(load<U8x8>(from + i)));
    }
    std::uint16_t* counts = counts_.data() + begin;
    for (std::size_t i = 0; i < kWord; i += 8) {
      store(counts + i, load<U16x8>(counts + i) + 1);
    }
  }

  void add_some(const std::uint8_t* row, std::size_t begin, std::uint64_t ink) {
    const std::size_t end = std::min(begin + kWord, counts_.size());
    std::uint16_t* to = colours_.data() + 3 * begin;
    row += 3 * begin;
    for (std::size_t x = begin; x < end; ++x, ink <<= 1, to += 3, row += 3) {
      if ((ink >> 63) == 0) {
        for (std::size_t c = 0; c < 3; ++c) {
          to[c] = static_cast<std::uint16_t>(to[c] + row[c]);
        }
        ++counts_[x];
      }
    }
  }

  std::vector<std::uint16_t> colours_, counts_;  ///< of each column of the page
  std::vector<std::int32_t> columns_;            ///< which pixel of the ground each column belongs to
  std::vector<Sum> sums_;
};

/// Fills `row` from `first` to before `right` on the way from the colour at `left` to that at `right`.
void fill_between(std::uint8_t* row, std::size_t left, std::size_t right, std::size_t first) {
  for (std::size_t i = 3 * first; i < 3 * right; ++i) {
    const int from = row[3 * left + i % 3], to = row[3 * right + i % 3];
    const int share = static_cast<int>(i / 3 - first) + 1;
    row[i] = static_cast<std::uint8_t>(from + (to - from) * share / static_cast<int>(right - first + 1));
  }
}

/// Means; where nothing was bare, the way from the bare pixel at the left to the one at the right, else white.
void write_row(const std::vector<Sum>& sums, std::uint8_t* to) {
  std::size_t open = 0;  // the first pixel that is not written
  std::size_t x = 0;
  for (const Sum& sum : sums) {
    if (sum[3] != 0) {
      for (std::size_t c = 0; c < 3; ++c) {
        to[3 * x + c] = static_cast<std::uint8_t>(quotient(sum[c] + sum[3] / 2, sum[3]));
      }
      if (open < x) {
        fill_between(to, open == 0 ? x : open - 1, x, open);
      }
      open = x + 1;
    }
    ++x;
  }
  std::fill(to + 3 * open, to + 3 * sums.size(), std::uint8_t{255});
}

}  // namespace

Image ground_of(const ImageView& page, const Bitmap& mask, Dpi dpi) {
  const PixelSize size{scaled(page.size.width, page.dpi, dpi), scaled(page.size.height, page.dpi, dpi)};
  Image out(PixelFormat::rgb, size, Dpi{page.dpi.value * size.width / page.size.width});
  BareSums sums(page.size.width, size.width);
  std::vector<std::uint64_t> ink;
  std::int32_t y = 0;
  for (std::int32_t row = 0; row < size.height; ++row) {
    const auto end = static_cast<std::int32_t>((row + std::int64_t{1}) * page.size.height / size.height);
    for (; y < end; ++y) {
      grown_row(mask, y, kEdge, ink);
      sums.add_row(page.row(y), ink);
    }
    write_row(sums.take(), out.row(row));
  }
  return out;
}

}  // namespace quay::imaging
