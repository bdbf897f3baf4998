// SPDX-License-Identifier: Apache-2.0
#include "imaging/scale.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

TEST(Shrink, KeepsAFlatColourAtAnySize) {
  const Image picture = testing::flat({97, 61}, {10, 200, 77});
  for (const PixelSize size : {PixelSize{97, 61}, PixelSize{96, 60}, PixelSize{31, 61}, PixelSize{1, 1}}) {
    const Image out = shrink(picture.view(), size);
    EXPECT_EQ(out.size(), size);
    for (std::int32_t y = 0; y < size.height; ++y) {
      for (std::int32_t x = 0; x < size.width; ++x) {
        const auto p = testing::pixel(out, x, y);
        ASSERT_EQ(std::tuple(p.r, p.g, p.b), std::tuple(10, 200, 77)) << x << ' ' << y;
      }
    }
  }
}

TEST(Shrink, LosesNoLightWhereverALineStands) {
  for (std::int32_t at = 0; at < 9; ++at) {
    Image line(PixelFormat::gray, {9, 1}, {300});
    line.row(0)[at] = 240;
    const Image out = shrink(line.view(), PixelSize{6, 1});
    EXPECT_NEAR(std::accumulate(out.pixels().begin(), out.pixels().end(), 0), 240 * 6 / 9, 2) << at;
  }
}

TEST(Shrink, NeverEnlarges) {
  const Image picture = testing::flat({30, 40}, {1, 2, 3}, {200});
  EXPECT_EQ(shrink(picture.view(), Dpi{300}).size(), picture.size());
  EXPECT_EQ(shrink(picture.view(), Dpi{100}).size(), (PixelSize{15, 20}));
  EXPECT_DOUBLE_EQ(shrink(picture.view(), Dpi{100}).dpi().value, 100);
}

}  // namespace
}  // namespace quay::imaging
