// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "imaging/codec/jpeg.hpp"
#include "imaging/pipeline.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

Profile hoso() { return *profile_named("hoso"); }

class AnySize : public ::testing::TestWithParam<PixelSize> {};

TEST_P(AnySize, IsCleanedAndEncodedInEveryFormat) {
  for (const PixelFormat format : {PixelFormat::bitonal, PixelFormat::gray, PixelFormat::rgb}) {
    const PixelSize size = GetParam();
    const std::size_t stride = packed_row_bytes(format, size.width) + 5;  // odd, and with padding
    std::vector<std::uint8_t> bytes(stride * static_cast<std::size_t>(size.height));
    std::mt19937 dice(3);
    std::generate(bytes.begin(), bytes.end(),
                  [&] { return static_cast<std::uint8_t>(dice() % 4 == 0 ? dice() : 230); });
    const ImageView view{bytes, size, stride, format, {300}};
    const auto page = clean(view, hoso().clean);
    ASSERT_TRUE(page);
    EXPECT_EQ(page->image.format(), format);
    ASSERT_TRUE(encode(*page, hoso()));
    ASSERT_TRUE(make_preview(view));
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, AnySize,
                         ::testing::Values(PixelSize{1, 1}, PixelSize{1, 97}, PixelSize{97, 1}, PixelSize{7, 9},
                                           PixelSize{64, 64}, PixelSize{131, 65}, PixelSize{3000, 8},
                                           PixelSize{20000, 1}, PixelSize{1, 20000}, PixelSize{20000, 40},
                                           PixelSize{300, 4000}));

TEST(Clean, ABrokenResolutionStillMakesAPageOfAPlausibleSize) {
  const double kBroken[] = {0, -300, 1e-9, 1, 7, 1e5, 1e300, std::nan(""), std::numeric_limits<double>::infinity()};
  for (const double dpi : kBroken) {
    Image image = testing::flat({620, 877}, {236, 232, 220}, {75});
    testing::draw_box(image, {100, 100}, {400, 108}, {30, 30, 30}, 0);
    ImageView view = image.view();
    view.dpi = Dpi{dpi};
    const auto page = clean(view, hoso().clean);
    ASSERT_TRUE(page) << dpi;
    EXPECT_GT(page->paper.width.value, 1) << dpi;
    EXPECT_LT(page->paper.width.value, 20000) << dpi;
    ASSERT_TRUE(encode(*page, hoso())) << dpi;
  }
}

TEST(Clean, RefusesAViewWhoseBytesAreMissing) {
  const std::vector<std::uint8_t> bytes(10);
  const auto page = clean({bytes, {100, 100}, 300, PixelFormat::rgb, {300}}, {});
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, Errc::image_unreadable);
}

TEST(Clean, RefusesAPictureBeyondTheLimits) {
  const std::vector<std::uint8_t> bytes(30001);
  const auto page = clean({bytes, {30001, 1}, 30001, PixelFormat::gray, {300}}, {});
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, Errc::image_too_large);
}

TEST(Clean, TurnsLinesUprightAndMapsThemByItsTransform) {
  Image page = testing::page_with_lines({1240, 1754}, 3.0, {150});
  testing::draw_box(page, {600, 1600}, {640, 1640}, {210, 20, 30}, 3.0);  // a red mark
  const auto cleaned = clean(page.view(), {});
  ASSERT_TRUE(cleaned);
  EXPECT_NEAR(cleaned->angle_deg, 3.0, 0.01);
  const Transform turn =
      Transform::translation(619.5, 876.5) * Transform::rotation(3.0) * Transform::translation(-619.5, -876.5);
  const Point mark = cleaned->transform.apply(turn.apply({620, 1620}));
  const testing::Rgb colour =
      testing::pixel(cleaned->image, static_cast<int>(std::lround(mark.x)), static_cast<int>(std::lround(mark.y)));
  EXPECT_GT(colour.r, 180);
  EXPECT_LT(colour.g, 60);
}

TEST(Clean, ASkewedSheetThatFillsTheScanAreaKeepsItsStandardSize) {
  const Image page = testing::page_with_lines({1240, 1754}, 1.4, {150});
  const auto cleaned = clean(page.view(), {});
  ASSERT_TRUE(cleaned);
  EXPECT_EQ(cleaned->image.size(), (PixelSize{1240, 1754}));
  EXPECT_NEAR(cleaned->paper.width.value, 210, 0.1);
}

TEST(Clean, GrowsRatherThanCutsWhatIsWrittenInACorner) {
  Image page = testing::page_with_lines({1240, 1754}, 3.0, {150});
  testing::draw_box(page, {12, 12}, {60, 26}, {40, 40, 40}, 0);
  const auto cleaned = clean(page.view(), {});
  ASSERT_TRUE(cleaned);
  for (const Point corner : {Point{12, 12}, Point{60, 26}}) {
    const Point to = cleaned->transform.apply(corner);
    EXPECT_GT(std::min(to.x, to.y), 0);
  }
}

TEST(Clean, KeepingGeometryMovesNoPixel) {
  const Image page = testing::page_with_lines({620, 877}, 3.0);
  const auto cleaned = clean(page.view(), {.keep_geometry = true});
  ASSERT_TRUE(cleaned);
  EXPECT_EQ(cleaned->image.size(), page.size());
  EXPECT_EQ(cleaned->transform, Transform{});
}

TEST(Clean, OriginalProfileChangesNoPixelValue) {
  const Image page = testing::page_with_lines({620, 877}, 3.0);
  const auto cleaned = clean(page.view(), profile_named("original")->clean);
  ASSERT_TRUE(cleaned);
  EXPECT_TRUE(std::equal(page.pixels().begin(), page.pixels().end(), cleaned->image.pixels().begin(),
                         cleaned->image.pixels().end()));
}

TEST(Clean, MakesYellowedShadedPaperWhiteAndKeepsInkPencilAndSeal) {
  Image page = testing::flat({1200, 1600}, {235, 228, 205});
  for (std::int32_t y = 0; y < 1600; ++y) {  // shade towards the bottom
    for (std::int32_t i = 0; i < 3600; ++i) {
      page.row(y)[i] = static_cast<std::uint8_t>(page.row(y)[i] * (1.0 - 0.2 * y / 1600));
    }
  }
  testing::draw_box(page, {300, 300}, {340, 340}, {205, 40, 50}, 0);
  testing::draw_box(page, {400, 300}, {440, 340}, {50, 60, 150}, 0);
  testing::draw_box(page, {500, 300}, {503, 400}, {150, 146, 140}, 0);
  const auto cleaned = clean(page.view(), {.keep_geometry = true});
  ASSERT_TRUE(cleaned);
  for (const std::int32_t y : {40, 800, 1560}) {
    EXPECT_EQ(testing::pixel(cleaned->image, 800, y).b, 255) << y;
  }
  const testing::Rgb red = testing::pixel(cleaned->image, 320, 320);
  EXPECT_GT(red.r - std::max(red.g, red.b), 100);
  const testing::Rgb blue = testing::pixel(cleaned->image, 420, 320);
  EXPECT_GT(blue.b - blue.r, 60);
  EXPECT_LT(testing::pixel(cleaned->image, 501, 350).g, 200);
}

TEST(Clean, NeverGoesBelowTwoHundredDpiWhenTheInputWasFiner) {
  const Image page = testing::page_with_lines({620, 877}, 0, {300});
  EXPECT_DOUBLE_EQ(clean(page.view(), {.dpi = Dpi{72}})->image.dpi().value, 200);
  const Image coarse = testing::page_with_lines({620, 877}, 0, {100});
  EXPECT_DOUBLE_EQ(clean(coarse.view(), {.dpi = Dpi{72}})->image.dpi().value, 100);
}

TEST(Clean, BringsSixHundredDpiToThreeHundredAtTheSamePaperSize) {
  const Image page = testing::page_with_lines({1240, 1754}, 0, {600});
  const auto cleaned = clean(page.view(), {});
  ASSERT_TRUE(cleaned);
  EXPECT_DOUBLE_EQ(cleaned->image.dpi().value, 300);
  EXPECT_NEAR(cleaned->paper.width.value, 1240 / 600.0 * kMillimetresPerInch, 0.2);
}

TEST(Clean, SaysSoWhenTheResolutionHadToBeAssumed) {
  const Image page = testing::page_with_lines({620, 877}, 0, {0});
  const auto cleaned = clean(page.view(), {});
  ASSERT_TRUE(cleaned);
  EXPECT_NE(std::find(cleaned->flags.begin(), cleaned->flags.end(), "dpi-assumed"), cleaned->flags.end());
}

TEST(Encode, AsJpegGivesAFileOfTheSameSize) {
  Profile profile = hoso();
  profile.format = OutputFormat::jpeg;
  const auto page = clean(testing::page_with_lines({620, 877}, 0).view(), profile.clean);
  const auto encoded = encode(*page, profile);
  ASSERT_TRUE(encoded);
  EXPECT_EQ(encoded->media_type, "image/jpeg");
  const auto back = decode_jpeg(encoded->bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->size(), encoded->size);
}

}  // namespace
}  // namespace quay::imaging
