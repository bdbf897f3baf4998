// SPDX-License-Identifier: Apache-2.0
#include "imaging/layers/legibility.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "imaging/components.hpp"

namespace quay::imaging {
namespace {

constexpr std::int32_t kSmallest = 4;  // pixels: lower marks are dots and dust
constexpr std::int32_t kTallest = 160;
constexpr std::int64_t kLeastLetters = 20;  // fewer marks are no text
constexpr std::int32_t kBeside = 3;         // pixels around a stroke that show its paper

bool is_letter(const Component& mark) {
  const PixelSize size = mark.size();
  return size.height >= kSmallest && size.height < kTallest && size.width <= 3 * size.height &&
         size.height <= 4 * size.width && 10 * mark.pixels >= size.width * size.height;
}

struct Levels {
  double count = 0, sum = 0, squares = 0;

  void add(double value) {
    ++count;
    sum += value;
    squares += value * value;
  }
  double mean() const { return count > 0 ? sum / count : 0; }
  double deviation() const { return count > 0 ? std::sqrt(std::max(0.0, squares / count - mean() * mean())) : 0; }
};

double darkness(const ImageView& page, const std::uint8_t* row, std::int32_t x) {
  if (page.format == PixelFormat::gray) {
    return 255 - row[x];
  }
  const std::uint8_t* p = row + static_cast<std::size_t>(x) * 3;
  return 255 - std::min({p[0], p[1], p[2]});
}

}  // namespace

double x_height(const Bitmap& mask) {
  std::array<std::int64_t, kTallest + 1> heights{};
  std::int64_t letters = 0;
  for (const Component& mark : find_components(mask).list) {
    if (is_letter(mark)) {
      heights[static_cast<std::size_t>(mark.size().height)] += mark.size().height;  // accents count less
      ++letters;
    }
  }
  if (letters < kLeastLetters) {
    return 0;
  }
  std::int64_t most = 0;
  std::size_t best = 0;
  for (std::size_t h = kSmallest; h + 1 < heights.size(); ++h) {
    const std::int64_t near = heights[h - 1] + heights[h] + heights[h + 1];
    best = near > most ? h : best;
    most = std::max(most, near);
  }
  return static_cast<double>(best);
}

double stroke_contrast(const ImageView& page, const Bitmap& strokes) {
  Levels ink, paper;
  std::vector<std::uint64_t> near, beside;
  for (std::int32_t y = 0; y < page.size.height; ++y) {
    grown_row(strokes, y, kBeside, beside);
    if (std::all_of(beside.begin(), beside.end(), [](std::uint64_t word) { return word == 0; })) {
      continue;
    }
    grown_row(strokes, y, 1, near);  // the edge itself is neither
    const std::uint8_t* row = page.row(y);
    for (std::int32_t x = 0; x < page.size.width; ++x) {
      const auto k = static_cast<std::size_t>(x) / 64;
      const int bit = 63 - x % 64;
      if ((strokes.row(y)[k] >> bit & 1) != 0) {
        ink.add(darkness(page, row, x));
      } else if ((beside[k] >> bit & 1) != 0 && (near[k] >> bit & 1) == 0) {
        paper.add(darkness(page, row, x));
      }
    }
  }
  return std::clamp((ink.mean() - paper.mean() - paper.deviation()) / 255, 0.0, 1.0);
}

}  // namespace quay::imaging
