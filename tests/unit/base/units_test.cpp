// SPDX-License-Identifier: Apache-2.0
#include "base/units.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace quay {
namespace {

TEST(UnitsTest, A4At300DpiIs2480By3508Pixels) {
  EXPECT_EQ(to_pixels(kA4.width, Dpi{300}), 2480);
  EXPECT_EQ(to_pixels(kA4.height, Dpi{300}), 3508);
}

TEST(UnitsTest, AnInchIs25Point4Millimetres72PointsAndDpiPixels) {
  EXPECT_EQ(to_pixels(Millimetres{25.4}, Dpi{600}), 600);
  EXPECT_DOUBLE_EQ(to_points(Millimetres{25.4}), 72.0);
  EXPECT_DOUBLE_EQ(to_millimetres(600, Dpi{600}).value, 25.4);
}

TEST(UnitsTest, PixelsAreRoundedToTheNearest) {
  EXPECT_EQ(to_pixels(Millimetres{0.126}, Dpi{100}), 0);
  EXPECT_EQ(to_pixels(Millimetres{0.128}, Dpi{100}), 1);
}

TEST(UnitsTest, ThereAndBackLosesLessThanHalfAPixel) {
  for (const double dpi : {75.0, 150.0, 200.0, 300.0, 600.0, 1200.0}) {
    for (std::int32_t pixels = 1; pixels < 15'000; pixels += 997) {
      EXPECT_EQ(to_pixels(to_millimetres(pixels, Dpi{dpi}), Dpi{dpi}), pixels);
    }
  }
}

TEST(UnitsTest, MeasuresCannotBeSwapped) {
  static_assert(!std::is_convertible_v<Dpi, Millimetres>);
  static_assert(!std::is_convertible_v<double, Dpi>);
  EXPECT_EQ(kA5.height, (Millimetres{210}));
}

}  // namespace
}  // namespace quay
