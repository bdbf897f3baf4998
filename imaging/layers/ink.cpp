// SPDX-License-Identifier: Apache-2.0
#include "imaging/layers/ink.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "imaging/simd.hpp"

namespace quay::imaging {
namespace {

constexpr std::int32_t kReach = 4;         // pixels around that a stroke is compared with
constexpr unsigned kShareOfDarkest = 115;  // of 256

using Row = std::vector<std::uint8_t>;

/// Whether 16 pixels in colour are bare paper, which whitening made white.
bool is_white(const std::uint8_t* pixels) {
  const U8x16 all = load<U8x16>(pixels) & load<U8x16>(pixels + 16) & load<U8x16>(pixels + 32);
  return all_at_least(all, ~U8x16{});
}

/// One row's distance from white.
void row_darkness(const ImageView& page, std::int32_t y, std::uint8_t* to) {
  const std::uint8_t* from = page.row(y);
  const std::int32_t width = page.size.width;
  if (page.format == PixelFormat::gray) {
    for (std::int32_t x = 0; x < width; ++x) {
      to[x] = static_cast<std::uint8_t>(255 - from[x]);
    }
    return;
  }
  std::int32_t x = 0;
  for (; x + 16 <= width; x += 16, from += 48) {
    if (is_white(from)) {
      std::memset(to + x, 0, 16);
      continue;
    }
    for (std::int32_t i = 0; i < 16; ++i) {
      to[x + i] = static_cast<std::uint8_t>(255 - std::min({from[3 * i], from[3 * i + 1], from[3 * i + 2]}));
    }
  }
  for (; x < width; ++x, from += 3) {
    to[x] = static_cast<std::uint8_t>(255 - std::min({from[0], from[1], from[2]}));
  }
}

/// (1 2 1) / 4 along a row whose neighbours beyond the ends are its ends.
void smooth_row(const std::uint8_t* from, std::uint8_t* to, std::int32_t width) {
  const auto at = [from, width](std::int32_t x) { return static_cast<unsigned>(from[std::clamp(x, 0, width - 1)]); };
  to[0] = static_cast<std::uint8_t>((at(-1) + 2 * at(0) + at(1) + 2) / 4);
  for (std::int32_t x = 1; x + 1 < width; ++x) {
    to[x] = static_cast<std::uint8_t>((from[x - 1] + 2U * from[x] + from[x + 1] + 2U) / 4U);
  }
  to[width - 1] = static_cast<std::uint8_t>((at(width - 2) + 2 * at(width - 1) + at(width) + 2) / 4);
}

constexpr std::size_t kWord = 64;  // pixels whose ink is one word of a bitmap
using Word = std::array<std::uint8_t, kWord>;

/// The last rows, each pixel the greatest within kReach on either side of it.
class WideRows {
 public:
  explicit WideRows(const Image& darkness) : darkness_(darkness) {
    const auto width = static_cast<std::size_t>(darkness.size().width);
    rows_.fill(Row((width + 2 * kReach + kWord - 1) / kWord * kWord + kWord));
    for (std::int32_t y = 0; y < kReach; ++y) {
      add(y);
    }
  }

  /// Has the rows within kReach of y. Rows are entered one after the other.
  void enter(std::int32_t y) { add(y + kReach); }

  /// The greatest within kReach in both directions, of 64 pixels from `begin` on.
  Word greatest(std::size_t begin) const {
    Word out{};
    for (const Row& row : rows_) {
      const std::uint8_t* from = row.data() + begin;
      for (std::size_t x = 0; x < kWord; ++x) {
        out[x] = std::max(out[x], from[x]);
      }
    }
    return out;
  }

 private:
  void add(std::int32_t y) {
    Row& row = rows_[static_cast<std::size_t>(y) % rows_.size()];
    std::fill(row.begin(), row.end(), std::uint8_t{0});
    if (y < darkness_.size().height) {
      std::copy_n(darkness_.row(y), darkness_.size().width, row.begin() + kReach);
      for (const std::size_t by : {1U, 2U, 4U, 1U}) {  // windows of 2, 4, 8 and 9 pixels
        widen_row(row, by);
      }
    }
  }

  /// Each pixel the greater of itself and the one `by` further on.
  static void widen_row(Row& row, std::size_t by) {
    std::uint8_t* pixels = row.data();
    for (std::size_t x = 0; x + 16 + by <= row.size(); x += 16) {
      const auto here = load<U8x16>(pixels + x), there = load<U8x16>(pixels + x + by);
      store(pixels + x, here > there ? here : there);
    }
  }

  const Image& darkness_;
  std::array<Row, 2 * kReach + 1> rows_;
};

/// Whether nothing in a word is darker than paper.
bool is_paper(const std::uint8_t* pixels) {
  const U8x16 most = U8x16{} + kPaperDarkness;
  return all_at_least(most, load<U8x16>(pixels)) && all_at_least(most, load<U8x16>(pixels + 16)) &&
         all_at_least(most, load<U8x16>(pixels + 32)) && all_at_least(most, load<U8x16>(pixels + 48));
}

/// 64 bytes of 0 or 1 as bits, the first in the highest.
std::uint64_t packed(const std::uint8_t* bytes) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < 64; i += 8) {
    std::uint64_t eight = 0;
    for (std::size_t k = 0; k < 8; ++k) {
      eight |= std::uint64_t{bytes[i + k]} << 8 * k;  // one load where bytes lie that way
    }
    word = word << 8 | eight * 0x8040201008040201U >> 56;  // byte k of `eight` lands at bit 63 - k
  }
  return word;
}

/// Which of 64 pixels are ink: darker than paper, and than a share of the darkest around.
std::uint64_t ink_word(const std::uint8_t* dark, const Word& darkest) {
  Word ink{};
  for (std::size_t x = 0; x < kWord; ++x) {
    const auto share = static_cast<std::uint8_t>(darkest[x] * kShareOfDarkest >> 8);
    ink[x] = dark[x] > std::max(share, kPaperDarkness) ? 1 : 0;
  }
  return packed(ink.data());
}

}  // namespace

Image darkness_of(const ImageView& page) {
  const PixelSize size = page.size;
  Image out(PixelFormat::gray, size, page.dpi);
  Row raw(static_cast<std::size_t>(size.width));
  std::array<Row, 3> rows;
  rows.fill(raw);
  const auto load = [&](std::int32_t y) {
    row_darkness(page, std::clamp(y, 0, size.height - 1), raw.data());
    smooth_row(raw.data(), rows[static_cast<std::size_t>((y + 3) % 3)].data(), size.width);
  };
  load(-1);
  load(0);
  for (std::int32_t y = 0; y < size.height; ++y) {
    load(y + 1);
    const std::uint8_t* above = rows[static_cast<std::size_t>((y + 2) % 3)].data();
    const std::uint8_t* here = rows[static_cast<std::size_t>(y % 3)].data();
    const std::uint8_t* below = rows[static_cast<std::size_t>((y + 1) % 3)].data();
    std::uint8_t* to = out.row(y);
    for (std::int32_t x = 0; x < size.width; ++x) {
      to[x] = static_cast<std::uint8_t>((above[x] + 2U * here[x] + below[x] + 2U) / 4U);
    }
  }
  return out;
}

Bitmap ink_mask(const Image& darkness) {
  const PixelSize size = darkness.size();
  Bitmap out(size);
  WideRows wide(darkness);
  const std::size_t words = out.words() - 1;
  Row dark(words * kWord);
  for (std::int32_t y = 0; y < size.height; ++y) {
    wide.enter(y);
    std::copy_n(darkness.row(y), size.width, dark.begin());
    for (std::size_t k = 0; k < words; ++k) {
      const std::uint8_t* pixels = dark.data() + k * kWord;
      out.row(y)[k] = is_paper(pixels) ? 0 : ink_word(pixels, wide.greatest(k * kWord));
    }
  }
  return out;
}

}  // namespace quay::imaging
