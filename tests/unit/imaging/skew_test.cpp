// SPDX-License-Identifier: Apache-2.0
#include "imaging/detect/skew.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "imaging/cleanup/render.hpp"
#include "imaging/codec/decode.hpp"
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

INSTANTIATE_TEST_SUITE_P(Angles, SkewOfLines,
                         ::testing::Values(0.0, 0.07, -0.3, 1.13, -2.6, 4.9, -9.3, 14.2, -27.0, 33.8, 41.3, -44.0));

/// Real pages laid straight by their truth, then turned far on a white and a black bed.
struct SheetTruth {
  const char* name;
  double angle_deg;
  Point top_left;
  PixelSize size;
};

class SkewOfPages : public ::testing::TestWithParam<SheetTruth> {};

/// The sheet turned by `degrees` about the middle of a bed that holds
/// it whole.
Image turned_on_bed(const Image& page, const SheetTruth& truth, double degrees, std::uint8_t bed) {
  const auto side = static_cast<std::int32_t>(std::hypot(truth.size.width, truth.size.height)) + 20;
  const Transform to_sheet = Transform::translation(truth.size.width / 2.0, truth.size.height / 2.0) *
                             Transform::rotation(-degrees) * Transform::translation(-side / 2.0, -side / 2.0);
  const Transform to_page =
      Transform::translation(truth.top_left.x, truth.top_left.y) * Transform::rotation(truth.angle_deg);
  Image out = render(page.view(), {to_page * to_sheet, {side, side}, page.dpi(), nullptr});
  for (std::int32_t y = 0; y < side; ++y) {
    for (std::int32_t x = 0; x < side; ++x) {
      const Point p = to_sheet.apply({static_cast<double>(x), static_cast<double>(y)});
      const double inside = std::min({p.x, p.y, truth.size.width - p.x, truth.size.height - p.y});
      out.row(y)[x] = inside < 4 ? bed : out.row(y)[x];
    }
  }
  return out;
}

TEST_P(SkewOfPages, IsFoundAtAnyTurnOnAnyBed) {
  const SheetTruth truth = GetParam();
  const auto page = decode(testing::corpus_file(std::string(truth.name) + ".jpg"));
  ASSERT_TRUE(page);
  const Image gray = to_gray(page->view());
  for (const double degrees : {-41.0, -15.0, 27.0}) {
    for (const std::uint8_t bed : {std::uint8_t{236}, std::uint8_t{20}}) {
      const Skew skew = find_skew(turned_on_bed(gray, truth, degrees, bed).view());
      EXPECT_NEAR(skew.angle_deg, degrees, 0.02) << "bed " << int{bed};
      EXPECT_GT(skew.confidence, 0.3);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Pages, SkewOfPages,
                         ::testing::Values(SheetTruth{"s02_letter_skew", 2.37, {109.09, -20.28}, {2480, 3508}},
                                           SheetTruth{"s03_form_skew", -1.43, {-7.89, 60.99}, {2480, 3508}},
                                           SheetTruth{"s06_cert", 1.08, {68.78, 6.44}, {2480, 3508}},
                                           SheetTruth{"s08_slip_on_bed", 4.6, {320.09, 217.09}, {1240, 1748}}),
                         [](const auto& page) { return std::string(page.param.name); });

TEST(Skew, OfGrainIsZeroWithoutConfidence) {
  Image page = testing::flat({1240, 1754}, {200, 200, 200}, {150});
  std::mt19937 random(3);
  for (std::uint8_t& value : page.pixels()) {
    value = static_cast<std::uint8_t>(random() % 256);
  }
  EXPECT_LT(find_skew(to_gray(page.view()).view()).confidence, 0.2);
}

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
