// SPDX-License-Identifier: Apache-2.0
#include "imaging/extract/card_sheet.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "imaging/cleanup/turn.hpp"
#include "imaging/codec/decode.hpp"
#include "imaging/detect/papers.hpp"
#include "imaging/detect/reduce.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

constexpr double kDpi = 200;
constexpr double kPixelsAMm = kDpi / kMillimetresPerInch;

/// A card in the plane: where its middle lies (mm) and how far it is turned.
struct Placement {
  Point centre_mm;
  double degrees = 0;
};

Transform upright(const Placement& at) {
  return Transform::rotation(-at.degrees) *
         Transform::translation(-at.centre_mm.x * kPixelsAMm, -at.centre_mm.y * kPixelsAMm);
}

Quad truth(const Placement& at) {
  const Transform back = inverse(upright(at));
  const double x = kIdCard.width.value / 2 * kPixelsAMm;
  const double y = kIdCard.height.value / 2 * kPixelsAMm;
  return {back.apply({-x, -y}), back.apply({x, -y}), back.apply({x, y}), back.apply({-x, y})};
}

/// How much of the card covers a point given in millimetres from its middle: rounded corners, edges a pixel soft.
double cover(Point mm) {
  const double dx = std::max(0.0, std::abs(mm.x) - (kIdCard.width.value / 2 - kIdCardCornerMm));
  const double dy = std::max(0.0, std::abs(mm.y) - (kIdCard.height.value / 2 - kIdCardCornerMm));
  return std::clamp((kIdCardCornerMm - std::hypot(dx, dy)) * kPixelsAMm + 0.5, 0.0, 1.0);
}

/// Pale waves, a dark photo at the left, lines of text at the right.
testing::Rgb face(Point mm) {
  if (mm.x > -40 && mm.x < -20 && mm.y > -8 && mm.y < 18) {
    return {90, 80, 75};
  }
  const bool line = mm.x > -12 && mm.x < 30 && std::fmod(mm.y + 100, 6.0) < 2 && std::fmod(mm.x + 100, 3.0) < 2;
  if (line) {
    return {40, 40, 50};
  }
  const double wave = std::sin(mm.x * 0.9 + 3 * std::sin(mm.y * 0.3));
  return {static_cast<std::uint8_t>(205 + 22 * wave), static_cast<std::uint8_t>(225 - 12 * wave),
          static_cast<std::uint8_t>(214 + 10 * wave)};
}

void draw_card(Image& bed, const Placement& at) {
  const Transform to_card = upright(at);
  for (std::int32_t y = 0; y < bed.size().height; ++y) {
    for (std::int32_t x = 0; x < bed.size().width; ++x) {
      const Point p = to_card.apply({static_cast<double>(x), static_cast<double>(y)});
      const Point mm{p.x / kPixelsAMm, p.y / kPixelsAMm};
      const double share = cover(mm);
      if (share > 0) {
        const testing::Rgb colour = face(mm);
        std::uint8_t* to = bed.row(y) + 3 * x;
        const std::uint8_t card[3] = {colour.r, colour.g, colour.b};
        for (int c = 0; c < 3; ++c) {
          to[c] = static_cast<std::uint8_t>(to[c] * (1 - share) + card[c] * share);
        }
      }
    }
  }
}

/// A bed of 180 x 150 mm, white, grey or black, with a scanner's noise.
Image bed(int kind, unsigned seed) {
  const testing::Rgb colours[] = {{243, 242, 240}, {120, 120, 122}, {22, 22, 24}};
  Image image =
      testing::flat({static_cast<std::int32_t>(180 * kPixelsAMm), static_cast<std::int32_t>(150 * kPixelsAMm)},
                    colours[kind % 3], {kDpi});
  std::mt19937 random(seed);
  for (std::uint8_t& value : image.pixels()) {
    value = static_cast<std::uint8_t>(std::clamp(value + static_cast<int>(random() % 5) - 2, 0, 255));
  }
  return image;
}

double worst_corner_mm(const Quad& found, const Quad& expected) {
  double worst = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    worst = std::max(worst, std::hypot(found[i].x - expected[i].x, found[i].y - expected[i].y) / kPixelsAMm);
  }
  return worst;
}

std::vector<Quad> find_cards(const Image& image) {
  const Image small = reduce(image.view(), 8);
  return cards_among(find_papers({image.view(), small.view(), 8, image.dpi()}));
}

Result<CleanPage> sheet_of(const ImageView& picture, const CleanSettings& settings) {
  return make_card_sheet({&picture, 1}, settings);
}

TEST(CardSheet, CornersAreFoundToHalfAMillimetreOnSixtyPlacementsAtAnyTurnOnAnyBed) {
  std::mt19937 random(11);
  std::uniform_real_distribution<double> turn(-44, 44);
  std::uniform_real_distribution<double> x(55, 125);
  std::uniform_real_distribution<double> y(50, 100);
  for (int i = 0; i < 60; ++i) {
    const Placement at{{x(random), y(random)}, turn(random)};
    Image image = bed(i, static_cast<unsigned>(i));
    draw_card(image, at);
    const std::vector<Quad> cards = find_cards(image);
    ASSERT_EQ(cards.size(), 1U) << i << ": turned " << at.degrees;
    const double error = worst_corner_mm(cards[0], truth(at));
    EXPECT_LE(error, 0.5) << i << ": turned " << at.degrees;
  }
}

TEST(CardSheet, BothSidesComeOnOnePageAtTrueSizeFrontFirst) {
  Image image = bed(0, 1);
  const Placement front{{75, 40}, 3};
  const Placement back{{95, 110}, -14};
  draw_card(image, front);
  draw_card(image, back);
  testing::draw_box(image, {88 * kPixelsAMm, 30 * kPixelsAMm}, {94 * kPixelsAMm, 36 * kPixelsAMm}, {200, 20, 30}, 0);
  const auto page = sheet_of(image.view(), {});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->image.size(), (PixelSize{1654, 2339}));  // never finer than what was scanned
  EXPECT_EQ(page->flags, std::vector<std::string>{"cards-2"});
  EXPECT_NEAR(page->angle_deg, 3, 0.2);
  EXPECT_LE(worst_corner_mm(page->quad_px, truth(front)), 0.5);
  const Point mark = page->transform.apply({91 * kPixelsAMm, 33 * kPixelsAMm});
  const testing::Rgb red =
      testing::pixel(page->image, static_cast<std::int32_t>(mark.x), static_cast<std::int32_t>(mark.y));
  EXPECT_GT(red.r, 150);
  EXPECT_LT(red.g, 90);
  const Point left_end = page->transform.apply(page->quad_px[0]), right_end = page->transform.apply(page->quad_px[1]);
  EXPECT_NEAR((right_end.x - left_end.x) / kPixelsAMm, kIdCard.width.value, 0.1);
  const std::int32_t left = (1654 - 674) / 2;
  EXPECT_EQ(testing::pixel(page->image, left, to_pixels({50}, {kDpi})).g, 255);  // the rounded corner
  for (const double y : {77.0, 157.0}) {                                         // the middle of each card, printed on
    EXPECT_LT(testing::pixel(page->image, 827 + 60, to_pixels({y}, {kDpi})).r, 250) << y;
  }
}

TEST(CardSheet, FrontAndBackOfTwoPicturesComeOnOnePageInTheirOrder) {
  Image front = bed(0, 1), back = bed(2, 2);
  draw_card(front, {{75, 60}, 3});
  draw_card(back, {{95, 80}, -14});
  testing::draw_box(front, {73 * kPixelsAMm, 44 * kPixelsAMm}, {79 * kPixelsAMm, 50 * kPixelsAMm}, {200, 20, 30}, 0);
  testing::draw_box(back, {93 * kPixelsAMm, 66 * kPixelsAMm}, {99 * kPixelsAMm, 72 * kPixelsAMm}, {20, 30, 200}, 0);
  const std::array<ImageView, 2> pictures{front.view(), back.view()};
  const auto page = make_card_sheet(pictures, {});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->flags, std::vector<std::string>{"cards-2"});
  EXPECT_EQ(page->image.size(), (PixelSize{1654, 2339}));
  const auto middle_of = [&page](const auto& is_mark) {  // of the marked pixels, in mm from the page's top
    double sum = 0, count = 0;
    for (std::int32_t y = 0; y < page->image.size().height; ++y) {
      for (std::int32_t x = 0; x < page->image.size().width; ++x) {
        const bool mark = is_mark(testing::pixel(page->image, x, y));
        sum += mark ? y / kPixelsAMm : 0;
        count += mark ? 1 : 0;
      }
    }
    EXPECT_NEAR(count / kPixelsAMm / kPixelsAMm, 36, 5);  // 6 x 6 mm: true size
    return sum / count;
  };
  const double red = middle_of([](testing::Rgb c) { return c.r > 150 && c.g < 90 && c.b < 90; });
  const double blue = middle_of([](testing::Rgb c) { return c.b > 150 && c.g < 90 && c.r < 90; });
  EXPECT_GT(red, 50);  // on the first card
  EXPECT_LT(red, 50 + kIdCard.height.value);
  EXPECT_GT(blue, 130);  // on the second
  EXPECT_LT(blue, 130 + kIdCard.height.value);
  EXPECT_EQ(*count_cards(front.view(), {}), 1U);
  const Image empty = bed(0, 3);
  const std::array<ImageView, 2> lacking{front.view(), empty.view()};
  const auto none = make_card_sheet(lacking, {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Errc::card_not_found);
  EXPECT_NE(none.error().detail.find("picture 2"), std::string::npos);
}

TEST(CardSheet, ACardThatStandsIsLaidLengthwise) {
  Image image = bed(2, 1);
  draw_card(image, {{90, 75}, 88});
  const std::vector<Quad> cards = find_cards(image);
  ASSERT_EQ(cards.size(), 1U);
  EXPECT_LE(worst_corner_mm(cards[0], truth({{90, 75}, 88})), 0.5);
}

TEST(CardSheet, OtherPapersAndAnEmptyBedAreNoCards) {
  EXPECT_TRUE(find_cards(bed(0, 1)).empty());
  Image image = bed(2, 1);
  testing::draw_box(image, {100, 100}, {100 + 105 * kPixelsAMm, 100 + 100 * kPixelsAMm}, {240, 240, 240}, 0);
  EXPECT_TRUE(find_cards(image).empty());
  EXPECT_TRUE(find_cards(testing::flat({3, 3}, {255, 255, 255})).empty());
  const auto none = sheet_of(image.view(), {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Errc::card_not_found);
}

TEST(CardSheet, ASheetOfTwoCardsFedHeadDownComesUprightFrontFirst) {
  const auto scan = decode(testing::corpus_file("s07_idcards.jpg"));
  ASSERT_TRUE(scan);
  const auto page = sheet_of(scan->view(), {.read_codes = false});
  const auto again = sheet_of(turned(scan->view(), 180).view(), {.read_codes = false});
  ASSERT_TRUE(page && again);
  EXPECT_EQ(page->flags, std::vector<std::string>{"cards-2"});
  EXPECT_NEAR(page->angle_deg, 0.35, 0.1);
  EXPECT_NEAR(std::abs(again->angle_deg), 180 - 0.35, 0.1);
  const PixelSize size = scan->size();
  for (std::size_t i = 0; i < 4; ++i) {  // the same card, seen in the turned picture
    EXPECT_NEAR(again->quad_px[i].x, size.width - 1 - page->quad_px[i].x, 2);
    EXPECT_NEAR(again->quad_px[i].y, size.height - 1 - page->quad_px[i].y, 2);
  }
}

}  // namespace
}  // namespace quay::imaging
