// SPDX-License-Identifier: Apache-2.0
// What is worked on in words and vectors is what its plain definition says, at any width: every pixel, the last ones of
// a row too.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "imaging/bitmap.hpp"
#include "imaging/cleanup/sample.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/layers/ground.hpp"
#include "imaging/layers/ink.hpp"

namespace quay::imaging {
namespace {

/// Pixels by chance, half of them bare paper in runs, as on a page.
Image chance(PixelFormat format, PixelSize size, unsigned seed) {
  std::mt19937 dice(seed);
  Image out(format, size, Dpi{300});
  std::uint8_t level = 255;
  for (std::uint8_t& byte : out.pixels()) {
    level = dice() % 16 == 0 ? static_cast<std::uint8_t>(dice() % 2 == 0 ? 255 : dice()) : level;
    byte = level == 255 ? level : static_cast<std::uint8_t>(level + dice() % 16);
  }
  return out;
}

int at(const Image& image, std::int32_t x, std::int32_t y, std::size_t channel = 0) {
  const std::size_t channels = image.format() == PixelFormat::rgb ? 3 : 1;
  const PixelSize size = image.size();
  return image.row(std::clamp(
      y, 0, size.height - 1))[channels * static_cast<std::size_t>(std::clamp(x, 0, size.width - 1)) + channel];
}

class AnyWidth : public ::testing::TestWithParam<std::int32_t> {};

TEST_P(AnyWidth, APageIsReducedToTheMeansOfItsSquares) {
  for (const std::int32_t factor : {2, 3, 8}) {
    for (const PixelFormat format : {PixelFormat::gray, PixelFormat::rgb}) {
      const Image page = chance(format, {GetParam(), 21}, 7);
      const Image small = reduce(page.view(), factor);
      const std::size_t channels = format == PixelFormat::rgb ? 3 : 1;
      ASSERT_EQ(small.size().width, (GetParam() + factor - 1) / factor);
      for (std::int32_t y = 0; y < small.size().height; ++y) {
        for (std::int32_t x = 0; x < small.size().width; ++x) {
          for (std::size_t c = 0; c < channels; ++c) {
            int sum = 0, count = 0;
            for (std::int32_t v = y * factor; v < std::min((y + 1) * factor, 21); ++v) {
              for (std::int32_t u = x * factor; u < std::min((x + 1) * factor, GetParam()); ++u, ++count) {
                sum += at(page, u, v, c);
              }
            }
            ASSERT_EQ(at(small, x, y, c), (sum + count / 2) / count) << x << ", " << y << " by " << factor;
          }
        }
      }
    }
  }
}

TEST_P(AnyWidth, DarknessIsTheDistanceFromWhiteOfTheStrongestChannelEvenedOut) {
  for (const PixelFormat format : {PixelFormat::gray, PixelFormat::rgb}) {
    const Image page = chance(format, {GetParam(), 19}, 11);
    const auto raw = [&](std::int32_t x, std::int32_t y) {
      return format == PixelFormat::gray ? 255 - at(page, x, y)
                                         : 255 - std::min({at(page, x, y, 0), at(page, x, y, 1), at(page, x, y, 2)});
    };
    const auto smooth = [&](std::int32_t x, std::int32_t y) {
      return (raw(x - 1, y) + 2 * raw(x, y) + raw(x + 1, y) + 2) / 4;
    };
    const Image darkness = darkness_of(page.view());
    for (std::int32_t y = 0; y < 19; ++y) {
      for (std::int32_t x = 0; x < GetParam(); ++x) {
        ASSERT_EQ(at(darkness, x, y), (smooth(x, y - 1) + 2 * smooth(x, y) + smooth(x, y + 1) + 2) / 4)
            << x << ", " << y;
      }
    }
  }
}

TEST_P(AnyWidth, InkIsWhatIsNearlyHalfAsDarkAsTheDarkestAround) {
  const Image darkness = chance(PixelFormat::gray, {GetParam(), 23}, 13);
  const Bitmap ink = ink_mask(darkness);
  for (std::int32_t y = 0; y < 23; ++y) {
    for (std::int32_t x = 0; x < GetParam(); ++x) {
      int darkest = 0;
      for (std::int32_t v = y - 4; v <= y + 4; ++v) {
        for (std::int32_t u = x - 4; u <= x + 4; ++u) {
          darkest = std::max(darkest, at(darkness, u, v));
        }
      }
      const int threshold = std::max(darkest * 115 / 256, static_cast<int>(kPaperDarkness));
      ASSERT_EQ(ink.get(x, y), at(darkness, x, y) > threshold) << x << ", " << y;
    }
  }
}

TEST_P(AnyWidth, GroundIsTheMeanOfWhatIsBare) {
  const Image page = chance(PixelFormat::rgb, {GetParam(), 24}, 17);
  Bitmap mask(page.size());
  mask.set(GetParam() / 2, 9);
  const Image ground = ground_of(page.view(), mask, Dpi{100});
  std::vector<std::uint64_t> grown;
  for (std::int32_t y = 0; y < ground.size().height; ++y) {
    for (std::int32_t x = 0; x < ground.size().width; ++x) {
      std::array<int, 4> sum{};
      const auto first = [](std::int64_t to, std::int32_t from, std::int32_t into) {
        return static_cast<std::int32_t>((to * from + into - 1) / into);
      };
      for (std::int32_t v = y * 24 / ground.size().height; v < (y + 1) * 24 / ground.size().height; ++v) {
        grown_row(mask, v, 2, grown);
        for (std::int32_t u = first(x, GetParam(), ground.size().width);
             u < first(x + 1, GetParam(), ground.size().width); ++u) {
          if ((grown[static_cast<std::size_t>(u) / 64] >> (63 - u % 64) & 1) == 0) {
            sum = {sum[0] + at(page, u, v, 0), sum[1] + at(page, u, v, 1), sum[2] + at(page, u, v, 2), sum[3] + 1};
          }
        }
      }
      for (std::size_t c = 0; c < 3 && sum[3] > 0; ++c) {
        ASSERT_EQ(at(ground, x, y, c), (sum[c] + sum[3] / 2) / sum[3]) << x << ", " << y;
      }
    }
  }
}

TEST_P(AnyWidth, ATurnedRowIsBilinearToALevel) {
  const Image page = chance(PixelFormat::rgb, {GetParam() + 8, 40}, 19);
  const Transform to_input = Transform::translation(3.3, 5.7) * Transform::rotation(4);
  std::vector<std::uint8_t> row(static_cast<std::size_t>(GetParam()) * 3);
  sample_row(page.view(), to_input, 11, GetParam(), row.data());
  for (std::int32_t x = 0; x < GetParam(); ++x) {
    const Point from = to_input.apply({static_cast<double>(x), 11});
    const auto u = static_cast<std::int32_t>(std::floor(from.x)), v = static_cast<std::int32_t>(std::floor(from.y));
    if (v < 0 || v + 1 >= 40 || u < 0 || u + 1 >= page.size().width) {
      continue;  // beyond the rim
    }
    const double a = from.x - u, b = from.y - v;
    for (std::size_t c = 0; c < 3; ++c) {
      const double wanted = (1 - b) * ((1 - a) * at(page, u, v, c) + a * at(page, u + 1, v, c)) +
                            b * ((1 - a) * at(page, u, v + 1, c) + a * at(page, u + 1, v + 1, c));
      ASSERT_NEAR(row[3 * static_cast<std::size_t>(x) + c], wanted, 4.5) << x;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Widths, AnyWidth,
                         ::testing::Values(1, 2, 3, 7, 8, 9, 15, 16, 17, 47, 48, 49, 63, 64, 65, 127, 129, 200));

}  // namespace
}  // namespace quay::imaging
