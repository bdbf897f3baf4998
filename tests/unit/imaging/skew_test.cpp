// SPDX-License-Identifier: Apache-2.0
#include "imaging/detect/skew.hpp"

#include <gtest/gtest.h>

#include "imaging/cleanup/render.hpp"
#include "imaging/detect/reduce.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

class SkewOfLines : public ::testing::TestWithParam<double> {};

TEST_P(SkewOfLines, IsFoundWithinFiveThousandthsOfADegree) {
  const Image page = testing::page_with_lines({1240, 1754}, GetParam());
  const Skew skew = find_skew(to_gray(page.view()).view());
  EXPECT_NEAR(skew.angle_deg, GetParam(), 0.005);
  EXPECT_GT(skew.confidence, 0.3);
}

INSTANTIATE_TEST_SUITE_P(Angles, SkewOfLines, ::testing::Values(0.0, 0.07, -0.3, 1.13, -2.6, 4.9, -9.3, 14.2));

TEST(Skew, OfACardIsFoundFromItsEdges) {
  Image page = testing::flat({1240, 1754}, {235, 235, 235}, {150});
  testing::draw_box(page, {300, 500}, {800, 815}, {120, 170, 150}, 3.4);
  const Skew skew = find_skew(to_gray(page.view()).view());
  EXPECT_NEAR(skew.angle_deg, 3.4, 0.005);
}

TEST(Skew, IgnoresTheScannersBlackBorder) {
  Image page = testing::page_with_lines({1240, 1754}, 2.2);
  testing::draw_box(page, {-10, -10}, {60, 1800}, {5, 5, 5}, 0);
  EXPECT_NEAR(find_skew(to_gray(page.view()).view()).angle_deg, 2.2, 0.02);
}

TEST(Skew, IsNotDrawnAsideByHandwritingThatStandsHigherThanItsLabel) {
  Image page = testing::flat({1240, 1754}, {245, 245, 245}, {150});
  for (int line = 0; line < 12; ++line) {
    const double y = 300 + line * 90;
    testing::draw_box(page, {120, y}, {360, y + 9}, {30, 30, 30}, 2.0);           // the label
    testing::draw_box(page, {380, y - 7}, {700, y + 2}, {40, 50, 150}, 2.0);      // what is written, higher up
    testing::draw_box(page, {120, y + 20}, {1120, y + 21.5}, {90, 90, 90}, 2.0);  // the line to write on
  }
  EXPECT_NEAR(find_skew(to_gray(page.view()).view()).angle_deg, 2.0, 0.005);
}

TEST(Skew, OfTwoCardsThatLieAsideIsThatOfTheirEdges) {
  Image page = testing::flat({1240, 1754}, {238, 238, 236}, {150});
  testing::draw_box(page, {300, 300}, {805, 619}, {150, 190, 160}, -2.7);
  testing::draw_box(page, {312, 900}, {817, 1219}, {150, 190, 160}, -2.7);
  EXPECT_NEAR(find_skew(to_gray(page.view()).view()).angle_deg, -2.7, 0.01);
}

TEST(Skew, OfAFaxIsThatOfThePaperNotOfItsStretchedPixels) {
  constexpr double kStretch = 196.0 / 204.0;
  const Image page = testing::page_with_lines({1240, 1754}, 2.5);
  const Image fax = render(page.view(), {Transform::scaling(1, 1 / kStretch), {1240, 1685}, {150}, nullptr});
  EXPECT_NEAR(find_skew(to_gray(fax.view()).view(), kStretch).angle_deg, 2.5, 0.005);
}

TEST(Skew, OfNothingIsZeroWithoutConfidence) {
  const Image page = testing::flat({800, 1000}, {240, 240, 240});
  const Skew skew = find_skew(to_gray(page.view()).view());
  EXPECT_EQ(skew.confidence, 0);
  EXPECT_EQ(skew.angle_deg, 0);
}

}  // namespace
}  // namespace quay::imaging
