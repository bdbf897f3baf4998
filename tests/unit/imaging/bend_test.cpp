// SPDX-License-Identifier: Apache-2.0
// A real letter, seen by a camera on a table of wood, lying flat or bent in a known way.
#include "imaging/bend.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "imaging/cleanup/perspective.hpp"
#include "imaging/codec/decode.hpp"
#include "imaging/detect/quad.hpp"
#include "imaging/pipeline.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

constexpr PixelSize kPicture{2800, 3830};
constexpr Quad kSeen{{{209.2, 193.4}, {2618.1, 161.9}, {2555.3, 3637.2}, {162.7, 3596.4}}};

/// How far the sheet's upper and lower side are pushed down in their middle, in parts of its height.
struct Push {
  double top = 0, bottom = 0;
};

/// Where a place of the sheet (0..1 both ways) is seen.
Point seen_at(Point place, Push push) {
  const double by = (push.top * (1 - place.y) + push.bottom * place.y) * std::sin(std::numbers::pi * place.x);
  return unit_square_to(kSeen).apply({place.x, place.y + by});
}

/// The place of the sheet that is seen at a pixel; may lie outside the sheet.
Point place_of_pixel(const Transform& to_unit, Point pixel, Push push) {
  const Point flat = to_unit.apply(pixel);
  const double bow = std::sin(std::numbers::pi * std::clamp(flat.x, 0.0, 1.0));
  return {flat.x, (flat.y - push.top * bow) / (1 + (push.bottom - push.top) * bow)};
}

Image photo_of(const Image& sheet, Push push) {
  std::mt19937 random(3);
  std::normal_distribution<double> grain(0, 9);
  Image out = testing::flat(kPicture, {0, 0, 0}, {0});
  const Transform to_unit = inverse(unit_square_to(kSeen));
  for (std::int32_t y = 0; y < kPicture.height; ++y) {
    const double stripe = grain(random);
    for (std::int32_t x = 0; x < kPicture.width; ++x) {
      const Point at = place_of_pixel(to_unit, {static_cast<double>(x), static_cast<double>(y)}, push);
      const bool on = at.x >= 0 && at.x < 1 && at.y >= 0 && at.y < 1;
      const double shade = on ? 0.78 + 0.18 * std::sin(std::numbers::pi * at.x) : 1;
      testing::Rgb colour{static_cast<std::uint8_t>(135 + stripe), static_cast<std::uint8_t>(95 + stripe),
                          static_cast<std::uint8_t>(60 + stripe)};
      if (on) {
        colour = testing::pixel(sheet, static_cast<std::int32_t>(at.x * sheet.size().width),
                                static_cast<std::int32_t>(at.y * sheet.size().height));
      }
      std::uint8_t* to = out.row(y) + 3 * static_cast<std::ptrdiff_t>(x);
      to[0] = static_cast<std::uint8_t>(colour.r * shade);
      to[1] = static_cast<std::uint8_t>(colour.g * shade);
      to[2] = static_cast<std::uint8_t>(colour.b * shade);
    }
  }
  return out;
}

class PhotoOfALetter : public ::testing::TestWithParam<Push> {
 protected:
  static Image letter() {
    auto page = decode(testing::corpus_file("s02_letter_skew.jpg"));
    EXPECT_TRUE(page);
    return page ? std::move(*page) : Image{};
  }
};

// Its many lines of words are longer steps of light than the sheet's own sides.
TEST_F(PhotoOfALetter, ThatLiesFlatIsFoundWithoutABend) {
  const auto found = find_outline(photo_of(letter(), {}).view());
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->bend);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(found->quad[i].x, kSeen[i].x, 1.5) << i;
    EXPECT_NEAR(found->quad[i].y, kSeen[i].y, 1.5) << i;
  }
}

// A hand, a cup, another paper: the curve of a side that is not seen to its end could go anywhere.
TEST_F(PhotoOfALetter, WithACoveredCornerIsFlatAllTheSame) {
  for (const double covered : {0.1, 0.2, 0.3, 0.36}) {
    Image picture = photo_of(letter(), {});
    const auto bottom = static_cast<std::int32_t>(kSeen[1].y + covered * (kSeen[2].y - kSeen[1].y));
    testing::draw_box(picture, {2300, 0}, {2790, static_cast<double>(bottom)}, {70, 50, 45}, 0);
    const auto found = find_outline(picture.view());
    if (covered > 0.25 && !found) {
      continue;  // too much of a side is hidden to be sure of a sheet: then the whole picture is the page
    }
    ASSERT_TRUE(found) << covered;
    EXPECT_FALSE(found->bend) << covered;
    for (const std::size_t i : {0U, 2U, 3U}) {
      EXPECT_NEAR(found->quad[i].x, kSeen[i].x, 3) << covered << " " << i;
      EXPECT_NEAR(found->quad[i].y, kSeen[i].y, 3) << covered << " " << i;
    }
    EXPECT_NEAR(found->quad[1].x, kSeen[1].x, 12) << covered;
    EXPECT_NEAR(found->quad[1].y, kSeen[1].y, 12) << covered;
  }
}

TEST_P(PhotoOfALetter, ThatBulgesIsDrawnFlat) {
  const Image picture = photo_of(letter(), GetParam());
  const auto found = find_outline(picture.view());
  ASSERT_TRUE(found);
  ASSERT_TRUE(found->bend);
  constexpr int kGrid = 20;
  constexpr double kOff = 3.5;  // pixels, a third of a millimetre; up to 105 are there to undo
  for (int v = 0; v <= kGrid; ++v) {
    for (int u = 0; u <= kGrid; ++u) {
      const Point place{static_cast<double>(u) / kGrid, static_cast<double>(v) / kGrid};
      const Point truth = seen_at(place, GetParam());
      const Point ours = found->bend->apply(unit_square_to(found->quad).apply(place));
      EXPECT_NEAR(ours.x, truth.x, kOff) << u << " " << v;
      EXPECT_NEAR(ours.y, truth.y, kOff) << u << " " << v;
    }
  }
  const auto page = clean(picture.view(), profile_named("hoso")->clean);
  ASSERT_TRUE(page);
  EXPECT_NE(std::find(page->flags.begin(), page->flags.end(), "curl-removed"), page->flags.end());
  EXPECT_TRUE(page->quality.empty()) << page->quality.front().code;
  const PixelSize size = page->image.size();
  for (std::int32_t x = 20; x < size.width - 20; x += 7) {  // the sheet reaches from rim to rim, and the wood does not
    for (const std::int32_t y : {12, size.height - 13}) {
      EXPECT_GT(testing::pixel(page->image, x, y).b, 200) << x << " " << y;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Bends, PhotoOfALetter,
                         ::testing::Values(Push{0.008, 0.008}, Push{0.018, 0.005}, Push{-0.012, 0.009},
                                           Push{0.03, 0.03}));

TEST(Bend, LeavesCornersAndMovesSidesByTheirBulge) {
  Bend::Side bowed{};
  for (std::size_t i = 0; i < Bend::kKnots; ++i) {
    const double part = static_cast<double>(i) / (Bend::kKnots - 1);
    bowed[i] = 40 * part * (1 - part);
  }
  const Quad square{{{0, 0}, {100, 0}, {100, 200}, {0, 200}}};
  const Bend bend(square, {bowed, {}, {}, {}});
  EXPECT_DOUBLE_EQ(bend.largest(), 0.1);
  for (const Point corner : square) {
    EXPECT_NEAR(bend.apply(corner).x, corner.x, 1e-9);
    EXPECT_NEAR(bend.apply(corner).y, corner.y, 1e-9);
  }
  EXPECT_NEAR(bend.apply({50, 0}).y, 10, 1e-9);
  EXPECT_NEAR(bend.apply({50, 100}).y, 105, 1e-9);
  EXPECT_NEAR(bend.apply({50, 200}).y, 200, 1e-9);
}

}  // namespace
}  // namespace quay::imaging
