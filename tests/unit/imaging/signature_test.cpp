// SPDX-License-Identifier: Apache-2.0
#include "imaging/extract/signature.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "imaging/codec/decode.hpp"
#include "imaging/pipeline.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

/// Loops of a pen, 60 x 20 mm at 300 dpi, begun at `from`.
void sign(Image& paper, Point from, testing::Rgb ink) {
  for (int i = 0; i < 1400; ++i) {
    const double t = i / 1400.0;
    const Point p{from.x + 700 * t + 40 * std::sin(40 * t), from.y + 110 + 100 * std::sin(26 * t)};
    testing::draw_box(paper, {p.x - 3, p.y - 3}, {p.x + 3, p.y + 3}, ink, 0);
  }
}

int darkest(const Image& image) { return *std::min_element(image.pixels().begin(), image.pixels().end()); }

TEST(Signature, OfAPenOnWhitePaperIsCutOutBlackOnWhiteAtTrueSize) {
  for (const testing::Rgb ink : {testing::Rgb{35, 35, 40}, {50, 60, 170}}) {
    Image paper = testing::flat({1240, 874}, {238, 236, 230}, {300});
    sign(paper, {250, 300}, ink);
    const auto page = make_signature(paper.view(), {});
    ASSERT_TRUE(page);
    EXPECT_EQ(page->image.format(), PixelFormat::gray);
    EXPECT_NEAR(page->paper.width.value, 66, 4);
    EXPECT_NEAR(page->paper.height.value, 21.5, 3);
    EXPECT_LT(darkest(page->image), 10);
    EXPECT_EQ(testing::pixel(page->image, 2, 2).g, 255);
    const Point start = page->transform.apply({250, 410});
    EXPECT_LT(
        testing::pixel(page->image, static_cast<int>(std::lround(start.x)), static_cast<int>(std::lround(start.y))).g,
        60);
  }
}

TEST(Signature, AsPngIsBlackOnNothingAndOverWhiteAsItWas) {
  Image paper = testing::flat({1240, 874}, {238, 236, 230}, {300});
  sign(paper, {250, 300}, {50, 60, 170});
  Profile profile = *profile_named("signature");
  profile.format = OutputFormat::png;
  const auto page = make_page(paper.view(), profile);
  ASSERT_TRUE(page);
  const auto file = encode(*page, profile);
  ASSERT_TRUE(file);
  ASSERT_GT(file->bytes.size(), 26U);
  EXPECT_EQ(file->bytes[25], 4);  // gray with alpha: ISO/IEC 15948 section 11.2.2
  const auto over_white = decode(file->bytes);
  ASSERT_TRUE(over_white);
  ASSERT_EQ(over_white->size(), page->image.size());
  EXPECT_NEAR(over_white->dpi().value, 300, 0.1);
  int worst = 0;
  for (std::int32_t y = 0; y < page->image.size().height; ++y) {
    for (std::int32_t x = 0; x < page->image.size().width; ++x) {
      worst = std::max(worst, std::abs(testing::pixel(*over_white, x, y).r - testing::pixel(page->image, x, y).r));
    }
  }
  EXPECT_LE(worst, 1);
  profile.format = OutputFormat::jpeg;
  const auto jpeg = encode(*page, profile);
  ASSERT_TRUE(jpeg);
  const auto shown = decode(jpeg->bytes);
  ASSERT_TRUE(shown);
  EXPECT_GT(testing::pixel(*shown, 2, 2).r, 250);  // no alpha there: white
}

TEST(Signature, InBlueOnAPrintedSlipWithASealIsFoundWithoutThem) {
  const auto scan = decode(testing::corpus_file("s08_slip_on_bed.jpg"));
  ASSERT_TRUE(scan);
  const auto page = make_signature(scan->view(), profile_named("signature")->clean);
  ASSERT_TRUE(page);
  const auto mask = decode(testing::corpus_file("gt/s08_slip_on_bed.blue.png"));
  ASSERT_TRUE(mask);
  int all = 0, kept = 0;
  for (std::int32_t y = 0; y < mask->size().height; ++y) {
    for (std::int32_t x = 0; x < mask->size().width; ++x) {
      const bool ink = mask->format() == PixelFormat::bitonal ? (mask->row(y)[x / 8] >> (7 - x % 8) & 1) == 0
                                                              : testing::pixel(*mask, x, y).r > 127;
      const Point to = page->transform.apply({static_cast<double>(x), static_cast<double>(y)});
      const auto u = static_cast<std::int32_t>(std::lround(to.x)), v = static_cast<std::int32_t>(std::lround(to.y));
      const bool inside = u >= 0 && v >= 0 && u < page->image.size().width && v < page->image.size().height;
      all += ink ? 1 : 0;
      kept += ink && inside && testing::pixel(page->image, u, v).g < 200 ? 1 : 0;
    }
  }
  EXPECT_GT(all, 1000);
  EXPECT_GT(kept, 0.8 * all);
  EXPECT_LT(page->paper.width.value, 45);
  EXPECT_LT(page->paper.height.value, 30);
}

TEST(Signature, IsNotFoundOnEmptyPaperNorOnCardsNorInAPageOfText) {
  const auto cards = decode(testing::corpus_file("s07_idcards.jpg"));
  ASSERT_TRUE(cards);
  for (const Image& paper :
       {*cards, testing::flat({1240, 874}, {238, 236, 230}, {300}), testing::page_with_lines({2480, 3508}, 0, {300})}) {
    const auto page = make_signature(paper.view(), {});
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, Errc::signature_not_found);
  }
}

}  // namespace
}  // namespace quay::imaging
