// SPDX-License-Identifier: Apache-2.0
// Quarter turns of pictures of each format, odd sizes and padded rows included.
#include "imaging/cleanup/turn.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace quay::imaging {
namespace {

/// Noise in rows with three bytes of padding, which must not come through.
struct Noise {
  std::vector<std::uint8_t> bytes;
  ImageView view;

  Noise(PixelFormat format, PixelSize size) {
    std::mt19937 random(7);
    const std::size_t stride = packed_row_bytes(format, size.width) + 3;
    bytes.resize(stride * static_cast<std::size_t>(size.height));
    std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<std::uint8_t>(random()); });
    view = {bytes, size, stride, format, Dpi{300}};
  }
};

std::uint32_t value(const ImageView& image, std::int32_t x, std::int32_t y) {
  const std::uint8_t* row = image.row(y);
  switch (image.format) {
    case PixelFormat::bitonal: return row[x / 8] >> (7 - x % 8) & 1U;
    case PixelFormat::gray: return row[x];
    case PixelFormat::rgb: break;
  }
  return row[3 * x] * 65536U + row[3 * x + 1] * 256U + row[3 * x + 2];
}

class Turn : public testing::TestWithParam<PixelFormat> {};

TEST_P(Turn, ByNinetyPutsTheTopRowAtTheRight) {
  const Noise noise(GetParam(), {75, 131});
  const Image after = turned(noise.view, 90);
  ASSERT_EQ(after.size(), (PixelSize{131, 75}));
  EXPECT_EQ(after.dpi().value, 300);
  for (std::int32_t y = 0; y < 131; ++y) {
    for (std::int32_t x = 0; x < 75; ++x) {
      ASSERT_EQ(value(after.view(), 130 - y, x), value(noise.view, x, y));
    }
  }
}

TEST_P(Turn, FourTimesIsThePictureAgainAndBackUndoesForth) {
  const Noise noise(GetParam(), {130, 67});
  const Image once = turned(noise.view, 0);
  Image around = turned(noise.view, 90);
  for (int i = 0; i < 3; ++i) {
    around = turned(around.view(), 90);
  }
  EXPECT_TRUE(std::ranges::equal(around.pixels(), once.pixels()));
  EXPECT_TRUE(std::ranges::equal(turned(turned(noise.view, 270).view(), -270).pixels(), once.pixels()));
  EXPECT_TRUE(std::ranges::equal(turned(noise.view, 180).pixels(), turned(turned(noise.view, 90).view(), 90).pixels()));
}

INSTANTIATE_TEST_SUITE_P(Formats, Turn, testing::Values(PixelFormat::bitonal, PixelFormat::gray, PixelFormat::rgb));

}  // namespace
}  // namespace quay::imaging
