// SPDX-License-Identifier: Apache-2.0
// Mean darkness of each column in bands across the page. A streak is a narrow valley of the means in the rims above and
// below all writing, and in most of the bands between.
#include "imaging/detect/streaks.hpp"

#include <algorithm>
#include <array>

namespace quay::imaging {
namespace {

constexpr std::int32_t kBands = 14;
constexpr double kRim = 0.012;       // of the height: nothing is printed so near to the edge
constexpr std::int32_t kLooks = 40;  // rows of a band that are looked at
constexpr float kRimDepth = 5;       // grey levels that the valley is deep
constexpr float kBandDepth = 3;      // in the bands, between writing ..
constexpr int kLeastBands = 9;       // .. of which so many show it
constexpr double kBesideMm = 0.9;    // where a valley's shores are
constexpr double kSideMm = 4;        // the paper's own edges lie so near to the picture's

using Means = std::vector<float>;

/// Of the darkest channel, over the rows [begin, end).
Means means_of(const ImageView& scan, std::int32_t begin, std::int32_t end) {
  const auto width = static_cast<std::size_t>(scan.size.width);
  const bool rgb = scan.format == PixelFormat::rgb;
  std::vector<std::uint32_t> sums(width);
  const std::int32_t step = std::max(1, (end - begin) / kLooks);
  std::uint32_t rows = 0;
  for (std::int32_t y = begin; y < end; y += step, ++rows) {
    const std::uint8_t* row = scan.row(y);
    for (std::size_t x = 0; x < width; ++x) {
      sums[x] += rgb ? std::min({row[3 * x], row[3 * x + 1], row[3 * x + 2]}) : row[x];
    }
  }
  Means out(width);
  std::transform(sums.begin(), sums.end(), out.begin(), [rows](std::uint32_t sum) {
    return static_cast<float>(sum) / static_cast<float>(std::max(rows, 1U));
  });
  return out;
}

/// Whether column x lies deeper than the shores on both sides.
bool is_valley(const Means& means, std::size_t x, std::size_t beside, float depth) {
  return std::min(means[x - beside], means[x + beside]) - means[x] >= depth;
}

}  // namespace

std::vector<PixelBox> find_streaks(const ImageView& scan, Dpi dpi) {
  const PixelSize size = scan.size;
  const auto rim = static_cast<std::int32_t>(size.height * kRim);
  const auto beside = static_cast<std::size_t>(std::max(3, to_pixels(Millimetres{kBesideMm}, dpi)));
  const auto side = static_cast<std::size_t>(to_pixels(Millimetres{kSideMm}, dpi)) + beside;
  std::vector<PixelBox> out;
  if (rim < 4 || static_cast<std::size_t>(size.width) <= 2 * side) {
    return out;
  }
  const Means top = means_of(scan, 0, rim), bottom = means_of(scan, size.height - rim, size.height);
  std::array<Means, kBands> bands;
  for (std::int32_t i = 0; i < kBands; ++i) {
    bands[static_cast<std::size_t>(i)] = means_of(scan, size.height * i / kBands, size.height * (i + 1) / kBands);
  }
  for (std::size_t x = side; x < static_cast<std::size_t>(size.width) - side; ++x) {
    const bool at_rims = is_valley(top, x, beside, kRimDepth) && is_valley(bottom, x, beside, kRimDepth);
    if (!at_rims || std::count_if(bands.begin(), bands.end(), [&](const Means& band) {
                      return is_valley(band, x, beside, kBandDepth);
                    }) < kLeastBands) {
      continue;
    }
    const auto column = static_cast<std::int32_t>(x);
    if (!out.empty() && column - out.back().right <= 2) {
      out.back().right = column + 1;
    } else {
      out.push_back({column, 0, column + 1, size.height});
    }
  }
  return out;
}

}  // namespace quay::imaging
