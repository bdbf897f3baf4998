// SPDX-License-Identifier: Apache-2.0
// A pixel's hue is judged by the ink around it, because scanners and JPEG fringe black strokes with colour. Where no
// hue shows in a whole tile, its ink is black without further ado.
#include "imaging/layers/colours.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <optional>

#include "imaging/components.hpp"

namespace quay::imaging {
namespace {

constexpr std::int32_t kTile = 16;
constexpr int kFringe = 36;         // difference of channels that noise on black does not reach often
constexpr int kHintsPerTile = 6;    // pixels beyond kFringe that make a tile worth a closer look
constexpr int kHue = 30;            // difference of channels, evened out, that is a hue
constexpr int kSurelyHue = 70;      // of the pixel itself
constexpr int kBlack = 84;          // no channel brighter: black, unless the hue is its own
constexpr std::int32_t kReach = 2;  // pixels around by whose ink a pixel is judged
constexpr int kBins = 72;           // of the hue circle
constexpr int kPeakReach = 7;       // bins on either side that belong to one ink
constexpr std::int64_t kLeastInk = 120;

int spread(int r, int g, int b) { return std::max({r, g, b}) - std::min({r, g, b}); }

/// Tiles with coloured ink, grown by one.
class ColouredTiles {
 public:
  ColouredTiles(const ImageView& page, const Bitmap& mask)
      : columns_((page.size.width + kTile - 1) / kTile), rows_((page.size.height + kTile - 1) / kTile) {
    std::vector<int> hints(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_));
    for (std::int32_t y = 0; y < page.size.height; ++y) {
      const std::uint8_t* row = page.row(y);
      int* line = hints.data() + static_cast<std::ptrdiff_t>(y / kTile) * columns_;
      for_each_run(mask.row(y), mask.words(), [&](std::int32_t begin, std::int32_t end) {
        for (std::int32_t x = begin; x < end; ++x) {
          line[x / kTile] += spread(row[3 * x], row[3 * x + 1], row[3 * x + 2]) > kFringe ? 1 : 0;
        }
      });
    }
    coloured_.assign(hints.size(), 0);
    for (std::int32_t y = 0; y < rows_; ++y) {
      for (std::int32_t x = 0; x < columns_; ++x) {
        if (hints[index(x, y)] < kHintsPerTile) {
          continue;
        }
        for (std::int32_t v = std::max(0, y - 1); v <= std::min(rows_ - 1, y + 1); ++v) {
          for (std::int32_t u = std::max(0, x - 1); u <= std::min(columns_ - 1, x + 1); ++u) {
            coloured_[index(u, v)] = 1;
          }
        }
      }
    }
  }

  bool at(std::int32_t x, std::int32_t y) const { return coloured_[index(x / kTile, y / kTile)] != 0; }

 private:
  std::size_t index(std::int32_t x, std::int32_t y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(x);
  }
  std::int32_t columns_;
  std::int32_t rows_;
  std::vector<std::uint8_t> coloured_;
};

/// Red, green and blue of ink, each added up, and how many pixels.
struct InkSum {
  int r = 0, g = 0, b = 0, count = 0;

  void add(const InkSum& other, int times) {
    r += times * other.r;
    g += times * other.g;
    b += times * other.b;
    count += times * other.count;
  }
};

/// The ink around a pixel. Asked along a row it goes on from the pixel before, a column in and a column out.
class InkAround {
 public:
  InkAround(const ImageView& page, const Bitmap& mask) : page_(page), mask_(mask) {}

  const InkSum& at(std::int32_t x, std::int32_t y) {
    if (y != y_ || x != x_ + 1) {
      sum_ = {};
      for (std::int32_t u = x - kReach; u < x + kReach; ++u) {
        enter(u, y);
      }
    } else {
      sum_.add(slot(x - kReach - 1), -1);
    }
    enter(x + kReach, y);
    x_ = x;
    y_ = y;
    return sum_;
  }

 private:
  static constexpr std::int32_t kColumns = 2 * kReach + 1;

  InkSum& slot(std::int32_t u) { return columns_[static_cast<std::size_t>((u + kColumns) % kColumns)]; }

  void enter(std::int32_t u, std::int32_t y) {
    InkSum& column = slot(u);
    column = {};
    if (u < 0 || u >= page_.size.width) {
      return;
    }
    for (std::int32_t v = std::max(0, y - kReach); v <= std::min(page_.size.height - 1, y + kReach); ++v) {
      if (mask_.get(u, v)) {
        const std::uint8_t* p = page_.row(v) + static_cast<std::size_t>(u) * 3;
        column.add({p[0], p[1], p[2], 1}, 1);
      }
    }
    sum_.add(column, 1);
  }

  const ImageView& page_;
  const Bitmap& mask_;
  std::array<InkSum, kColumns> columns_{};
  InkSum sum_;
  std::int32_t x_ = -1, y_ = -1;
};

/// Hue of an ink pixel as a bin of the circle, or nothing when it is black.
std::optional<int> hue_bin(const std::uint8_t* own, const InkSum& sum) {
  const int own_spread = spread(own[0], own[1], own[2]);
  const bool dark = std::max({own[0], own[1], own[2]}) < kBlack;
  const bool hue =
      own_spread >= kSurelyHue || (spread(sum.r, sum.g, sum.b) >= kHue * sum.count && !(dark && own_spread < kFringe));
  if (!hue) {
    return std::nullopt;
  }
  const double along = 2.0 * sum.r - sum.g - sum.b;
  const double across = std::numbers::sqrt3 * (sum.g - sum.b);
  const double turn = std::atan2(across, along) / (2 * std::numbers::pi);  // -0.5 .. 0.5
  return static_cast<int>(std::lround((turn + 1) * kBins)) % kBins;
}

struct ColouredPixel {
  std::int32_t x = 0, y = 0;
  int bin = 0;
};

/// Which ink each bin belongs to, from the strongest peak on; -1 for bins of too little ink.
struct Peaks {
  std::array<int, kBins> ink{};
  int count = 0;
};

Peaks find_peaks(const std::vector<ColouredPixel>& pixels) {
  std::array<std::int64_t, kBins> histogram{};
  for (const ColouredPixel& pixel : pixels) {
    ++histogram[static_cast<std::size_t>(pixel.bin)];
  }
  Peaks peaks;
  peaks.ink.fill(-1);
  for (;;) {
    std::int64_t most = 0;
    int centre = 0;
    for (int bin = 0; bin < kBins; ++bin) {
      std::int64_t near = 0;
      for (int i = -2; i <= 2; ++i) {
        const auto at = static_cast<std::size_t>((bin + i + kBins) % kBins);
        near += peaks.ink[at] < 0 ? histogram[at] : 0;
      }
      if (near > most) {
        most = near;
        centre = bin;
      }
    }
    if (most < kLeastInk) {
      return peaks;
    }
    for (int i = -kPeakReach; i <= kPeakReach; ++i) {
      int& ink = peaks.ink[static_cast<std::size_t>((centre + i + kBins) % kBins)];
      ink = ink < 0 ? peaks.count : ink;
    }
    ++peaks.count;
  }
}

std::vector<ColouredPixel> coloured_pixels(const ImageView& page, const Bitmap& mask) {
  const ColouredTiles tiles(page, mask);
  InkAround around(page, mask);
  std::vector<ColouredPixel> out;
  for (std::int32_t y = 0; y < page.size.height; ++y) {
    const std::uint8_t* row = page.row(y);
    for_each_run(mask.row(y), mask.words(), [&](std::int32_t begin, std::int32_t end) {
      for (std::int32_t x = begin; x < end; ++x) {
        if (!tiles.at(x, y)) {
          x = std::min(end, (x / kTile + 1) * kTile) - 1;
          continue;
        }
        if (const auto bin = hue_bin(row + static_cast<std::size_t>(x) * 3, around.at(x, y))) {
          out.push_back({x, y, *bin});
        }
      }
    });
  }
  return out;
}

/// 64 pixels of a mask's row; with `core` only those whose neighbours left, right, above and below are ink as well.
std::uint64_t ink_word(const Bitmap& mask, std::int32_t y, std::size_t k, bool core) {
  const std::uint64_t word = mask.row(y)[k];
  if (!core || word == 0) {
    return word;
  }
  const std::uint64_t upright = word & mask.row(y - 1)[k] & mask.row(y + 1)[k];
  return upright & (upright << 1 & upright >> 1);
}

/// Red, green and blue of the ink, each added up, and how many pixels; the outermost rows do not count.
std::array<std::int64_t, 4> sum_of_ink(const ImageView& page, const Bitmap& mask, bool core) {
  std::array<std::int64_t, 4> sum{};
  const std::size_t channels = page.format == PixelFormat::rgb ? 3 : 1;
  for (std::int32_t y = 1; y + 1 < page.size.height; ++y) {
    const std::uint8_t* row = page.row(y);
    for (std::size_t k = 0; k < mask.words(); ++k) {
      for (std::uint64_t word = ink_word(mask, y, k, core); word != 0; word &= word - 1) {
        const std::uint8_t* pixel = row + channels * (k * 64 + 63 - static_cast<std::size_t>(std::countr_zero(word)));
        for (std::size_t c = 0; c < 3; ++c) {
          sum[c] += pixel[channels == 3 ? c : 0];
        }
        ++sum[3];
      }
    }
  }
  return sum;
}

}  // namespace

Rgb core_colour(const ImageView& page, const Bitmap& mask) {
  auto sum = sum_of_ink(page, mask, true);
  sum = sum[3] > 20 ? sum : sum_of_ink(page, mask, false);
  const std::int64_t count = std::max<std::int64_t>(sum[3], 1);
  return {static_cast<std::uint8_t>(sum[0] / count), static_cast<std::uint8_t>(sum[1] / count),
          static_cast<std::uint8_t>(sum[2] / count)};
}

std::vector<Ink> part_inks(const ImageView& page, const Bitmap& mask) {
  std::vector<Ink> inks{{{}, mask, false}};
  if (page.format == PixelFormat::rgb) {
    const std::vector<ColouredPixel> pixels = coloured_pixels(page, mask);
    const Peaks peaks = find_peaks(pixels);
    for (int i = 0; i < peaks.count; ++i) {
      inks.push_back({{}, Bitmap(page.size), true});
    }
    for (const ColouredPixel& pixel : pixels) {
      const int ink = peaks.ink[static_cast<std::size_t>(pixel.bin)];
      if (ink >= 0) {
        inks[static_cast<std::size_t>(ink) + 1].mask.set(pixel.x, pixel.y);
        inks[0].mask.clear(pixel.x, pixel.y);
      }
    }
  }
  return inks;
}

}  // namespace quay::imaging
