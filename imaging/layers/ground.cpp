// SPDX-License-Identifier: Apache-2.0
#include "imaging/layers/ground.hpp"

#include <array>
#include <vector>

#include "imaging/scale.hpp"

namespace quay::imaging {
namespace {

constexpr std::int32_t kEdge = 2;  // pixels around ink that are mixed with it

/// Red, green and blue of the bare pixels under one pixel of the ground, and how many they are.
using Sum = std::array<std::uint32_t, 4>;

void add_row(const std::uint8_t* row, const std::vector<std::uint64_t>& ink, const std::vector<std::int32_t>& columns,
             std::vector<Sum>& sums) {
  for (std::size_t x = 0; x < columns.size(); ++x, row += 3) {
    if ((ink[x / 64] >> (63 - x % 64) & 1) == 0) {
      Sum& sum = sums[static_cast<std::size_t>(columns[x])];
      sum = {sum[0] + row[0], sum[1] + row[1], sum[2] + row[2], sum[3] + 1};
    }
  }
}

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
  for (std::size_t x = 0; x < sums.size(); ++x) {
    if (sums[x][3] == 0) {
      continue;
    }
    for (std::size_t c = 0; c < 3; ++c) {
      to[3 * x + c] = static_cast<std::uint8_t>((sums[x][c] + sums[x][3] / 2) / sums[x][3]);
    }
    fill_between(to, open == 0 ? x : open - 1, x, open);
    open = x + 1;
  }
  std::fill(to + 3 * open, to + 3 * sums.size(), std::uint8_t{255});
}

}  // namespace

Image ground_of(const ImageView& page, const Bitmap& mask, Dpi dpi) {
  const PixelSize size{scaled(page.size.width, page.dpi, dpi), scaled(page.size.height, page.dpi, dpi)};
  Image out(PixelFormat::rgb, size, Dpi{page.dpi.value * size.width / page.size.width});
  std::vector<std::int32_t> columns;
  for (std::int64_t x = 0; x < page.size.width; ++x) {
    columns.push_back(static_cast<std::int32_t>(x * size.width / page.size.width));
  }
  std::vector<Sum> sums(static_cast<std::size_t>(size.width));
  std::vector<std::uint64_t> ink;
  std::int32_t y = 0;
  for (std::int32_t row = 0; row < size.height; ++row) {
    std::fill(sums.begin(), sums.end(), Sum{});
    const auto end = static_cast<std::int32_t>((row + std::int64_t{1}) * page.size.height / size.height);
    for (; y < end; ++y) {
      grown_row(mask, y, kEdge, ink);
      add_row(page.row(y), ink, columns, sums);
    }
    write_row(sums, out.row(row));
  }
  return out;
}

}  // namespace quay::imaging
