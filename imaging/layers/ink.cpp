// SPDX-License-Identifier: Apache-2.0
#include "imaging/layers/ink.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace quay::imaging {
namespace {

constexpr std::int32_t kReach = 4;         // pixels around that a stroke is compared with
constexpr unsigned kShareOfDarkest = 115;  // of 256

using Row = std::vector<std::uint8_t>;

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
  for (std::int32_t x = 0; x < width; ++x) {
    to[x] = static_cast<std::uint8_t>(255 - std::min({from[3 * x], from[3 * x + 1], from[3 * x + 2]}));
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

/// The greatest value within kReach on either side, for a row with kReach zeros around it.
void widest_row(Row& row, std::int32_t width) {
  const auto widen = [&row](std::int32_t count, std::int32_t by) {
    for (std::int32_t x = 0; x < count; ++x) {
      std::uint8_t& here = row[static_cast<std::size_t>(x)];
      here = std::max(here, row[static_cast<std::size_t>(x) + static_cast<std::size_t>(by)]);
    }
  };
  const std::int32_t all = width + 2 * kReach;
  widen(all - 1, 1);  // windows of 2, 4, 8 and 9 pixels
  widen(all - 3, 2);
  widen(all - 7, 4);
  widen(width, 1);
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
  constexpr std::int32_t kRows = 2 * kReach + 1;
  std::array<Row, kRows> wide;  // the last rows, each pixel the greatest along the row
  wide.fill(Row(static_cast<std::size_t>(size.width + 2 * kReach)));
  Row most(static_cast<std::size_t>(size.width));
  Row ink(static_cast<std::size_t>(size.width + 63) / 64 * 64);
  for (std::int32_t y = -kReach; y < size.height; ++y) {
    Row& next = wide[static_cast<std::size_t>((y + 2 * kReach) % kRows)];
    std::fill(next.begin(), next.end(), std::uint8_t{0});
    if (y + kReach < size.height) {
      std::copy_n(darkness.row(y + kReach), size.width, next.begin() + kReach);
      widest_row(next, size.width);
    }
    if (y < 0) {
      continue;
    }
    std::fill(most.begin(), most.end(), std::uint8_t{0});
    for (const Row& row : wide) {
      for (std::int32_t x = 0; x < size.width; ++x) {
        most[static_cast<std::size_t>(x)] =
            std::max(most[static_cast<std::size_t>(x)], row[static_cast<std::size_t>(x)]);
      }
    }
    const std::uint8_t* dark = darkness.row(y);
    for (std::int32_t x = 0; x < size.width; ++x) {
      const auto share = static_cast<std::uint8_t>(most[static_cast<std::size_t>(x)] * kShareOfDarkest >> 8);
      ink[static_cast<std::size_t>(x)] = dark[x] > std::max(share, kPaperDarkness) ? 1 : 0;
    }
    std::uint64_t* to = out.row(y);
    for (std::size_t k = 0; k < ink.size() / 64; ++k) {
      to[k] = packed(ink.data() + k * 64);
    }
  }
  return out;
}

}  // namespace quay::imaging
