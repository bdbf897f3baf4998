// SPDX-License-Identifier: Apache-2.0
#include "imaging/detect/skew.hpp"

#include <gtest/gtest.h>

#include "imaging/detect/reduce.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

class SkewOfLines : public ::testing::TestWithParam<double> {};

TEST_P(SkewOfLines, IsFoundWithinAHundredthOfADegree) {
  const Image page = testing::page_with_lines({1240, 1754}, GetParam());
  const Skew skew = find_skew(to_gray(page.view()).view());
  EXPECT_NEAR(skew.angle_deg, GetParam(), 0.01);
  EXPECT_GT(skew.confidence, 0.3);
}

INSTANTIATE_TEST_SUITE_P(Angles, SkewOfLines, ::testing::Values(0.0, 0.07, -0.3, 1.13, -2.6, 4.9, -9.3, 14.2));

TEST(Skew, OfACardIsFoundFromItsEdges) {
  Image page = testing::flat({1240, 1754}, {235, 235, 235}, {150});
  testing::draw_box(page, {300, 500}, {800, 815}, {120, 170, 150}, 3.4);
  const Skew skew = find_skew(to_gray(page.view()).view());
  EXPECT_NEAR(skew.angle_deg, 3.4, 0.05);
}

TEST(Skew, IgnoresTheScannersBlackBorder) {
  Image page = testing::page_with_lines({1240, 1754}, 2.2);
  testing::draw_box(page, {-10, -10}, {60, 1800}, {5, 5, 5}, 0);
  EXPECT_NEAR(find_skew(to_gray(page.view()).view()).angle_deg, 2.2, 0.02);
}

TEST(Skew, OfNothingIsZeroWithoutConfidence) {
  const Image page = testing::flat({800, 1000}, {240, 240, 240});
  const Skew skew = find_skew(to_gray(page.view()).view());
  EXPECT_EQ(skew.confidence, 0);
  EXPECT_EQ(skew.angle_deg, 0);
}

}  // namespace
}  // namespace quay::imaging
