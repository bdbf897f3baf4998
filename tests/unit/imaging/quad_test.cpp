// SPDX-License-Identifier: Apache-2.0
// Sheets seen by a camera, drawn through a known map.
#include "imaging/detect/quad.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "imaging/cleanup/perspective.hpp"
#include "imaging/pipeline.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

/// A written page seen at `quad` on a bed of the given colour, with light falling off to the right.
Image photo(const Quad& quad, testing::Rgb bed) {
  const Image page = testing::page_with_lines({1050, 1485}, 0);
  Image out = testing::flat({1200, 1600}, bed, {0});
  const Transform to_page =
      Transform::translation(-0.5, -0.5) * Transform::scaling(1050, 1485) * inverse(unit_square_to(quad));
  for (std::int32_t y = 0; y < 1600; ++y) {
    for (std::int32_t x = 0; x < 1200; ++x) {
      const Point from = to_page.apply({static_cast<double>(x), static_cast<double>(y)});
      const auto u = static_cast<std::int32_t>(std::lround(from.x));
      const auto v = static_cast<std::int32_t>(std::lround(from.y));
      const bool on = u >= 0 && v >= 0 && u < 1050 && v < 1485;
      const testing::Rgb colour = on ? testing::pixel(page, u, v) : testing::pixel(out, x, y);
      const double light = 1.0 - 0.45 * x / 1200;
      std::uint8_t* to = out.row(y) + 3 * x;
      to[0] = static_cast<std::uint8_t>(colour.r * light);
      to[1] = static_cast<std::uint8_t>(colour.g * light);
      to[2] = static_cast<std::uint8_t>(colour.b * light);
    }
  }
  return out;
}

constexpr Quad kSeen{{{150.3, 180.2}, {1010.7, 130.9}, {1080.4, 1420.6}, {90.1, 1475.8}}};

TEST(Quad, OfASheetOnATableIsFoundWithinAPixelOnDarkAndOnPaleGround) {
  for (const testing::Rgb bed :
       {testing::Rgb{95, 70, 45}, {30, 30, 34}, {60, 80, 120}, {175, 170, 160}, {205, 203, 198}}) {
    const auto found = find_quad(photo(kSeen, bed).view());
    ASSERT_TRUE(found) << int{bed.r};
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_NEAR((*found)[i].x, kSeen[i].x, 1.0) << i;
      EXPECT_NEAR((*found)[i].y, kSeen[i].y, 1.0) << i;
    }
  }
}

TEST(Quad, OfATableOrAFramePrintedOnAFullPageIsNone) {
  Image page = testing::page_with_lines({1200, 1600}, 0);
  testing::draw_box(page, {80, 80}, {1120, 88}, {20, 20, 20}, 0);
  testing::draw_box(page, {80, 1512}, {1120, 1520}, {20, 20, 20}, 0);
  testing::draw_box(page, {80, 80}, {88, 1520}, {20, 20, 20}, 0);
  testing::draw_box(page, {1112, 80}, {1120, 1520}, {20, 20, 20}, 0);
  EXPECT_FALSE(find_quad(page.view()));
}

TEST(Quad, OfADarkPictureOnAPaleSheetIsNone) {
  Image page = testing::flat({1200, 1600}, {240, 240, 235});
  testing::draw_box(page, {200, 250}, {1000, 900}, {90, 80, 60}, 0);
  EXPECT_FALSE(find_quad(page.view()));
}

TEST(Clean, FlattensAPhotoToAWhiteSheetOfA4) {
  const Image seen = photo(kSeen, {95, 70, 45});
  const auto page = clean(seen.view(), {});
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->sheet_found);
  EXPECT_NEAR(page->paper.width.value, 210, 0.2);
  EXPECT_NEAR(page->paper.height.value, 297, 0.2);
  const PixelSize size = page->image.size();
  for (std::size_t i = 0; i < 4; ++i) {
    const Point corner = page->transform.apply(kSeen[i]);
    EXPECT_NEAR(corner.x, i == 0 || i == 3 ? -0.5 : size.width - 0.5, 2.0);
    EXPECT_NEAR(corner.y, i < 2 ? -0.5 : size.height - 0.5, 2.0);
  }
  for (const std::int32_t x : {40, size.width / 2, size.width - 40}) {  // bright and dim side alike
    EXPECT_EQ(testing::pixel(page->image, x, size.height - 60).g, 255) << x;
  }
}

TEST(Perspective, MapsTheUnitSquareToItsCorners) {
  const Transform map = unit_square_to(kSeen);
  const Quad square{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(map.apply(square[i]).x, kSeen[i].x, 1e-6);
    EXPECT_NEAR(map.apply(square[i]).y, kSeen[i].y, 1e-6);
  }
}

}  // namespace
}  // namespace quay::imaging
