// SPDX-License-Identifier: Apache-2.0
// A printed ground is kept, what is no print is not taken for one.
#include <gtest/gtest.h>

#include <algorithm>

#include "imaging/codec/decode.hpp"
#include "imaging/layers/layers.hpp"
#include "imaging/pipeline.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

constexpr testing::Rgb kCream{248, 240, 222};

/// Text on cream paper.
Image letter() {
  Image page = testing::flat({1240, 1754}, kCream, {150});
  for (double y = 200; y < 900; y += 60) {
    for (double x = 150; x < 1000; x += 70) {
      testing::draw_box(page, {x, y}, {x + 50, y + 18}, {30, 30, 30}, 0);
    }
  }
  return page;
}

/// Small lozenges all over, `colour` on bare paper only.
Image with_lozenges(Image page, testing::Rgb colour) {
  for (std::int32_t y = 0; y < page.size().height; ++y) {
    for (std::int32_t x = 0; x < page.size().width; ++x) {
      const bool inside = std::abs(x % 24 - 12) + std::abs(y % 24 - 12) < 6;
      std::uint8_t* p = page.row(y) + std::ptrdiff_t{3} * x;
      if (inside && p[0] > 200) {
        p[0] = colour.r;
        p[1] = colour.g;
        p[2] = colour.b;
      }
    }
  }
  return page;
}

CleanPage cleaned(const Image& page) { return *clean(page.view(), {.keep_geometry = true}); }

/// Spread of the channels in the middle of a lozenge at the foot of the page.
int hue_of_lozenge(const CleanPage& page) {
  const testing::Rgb p = testing::pixel(page.image, 24 * 20 + 12, 24 * 60 + 12);
  return std::max({p.r, p.g, p.b}) - std::min({p.r, p.g, p.b});
}

TEST(Pattern, OfPalePrintIsKeptAndThePaperBetweenIsWhite) {
  const CleanPage page = cleaned(with_lozenges(letter(), {242, 218, 190}));
  EXPECT_TRUE(page.patterned);
  EXPECT_GT(hue_of_lozenge(page), 15);
  EXPECT_EQ(testing::pixel(page.image, 24 * 20, 24 * 60).b, 255);
}

TEST(Pattern, IsALayerOfItsOwnUnderTheInk) {
  const CleanPage page = cleaned(with_lozenges(letter(), {242, 218, 190}));
  const auto coded = encode(page, *profile_named("hoso"));
  ASSERT_TRUE(coded);
  const auto ground = std::find_if(coded->layers.begin(), coded->layers.end(),
                                   [](const LayerInfo& layer) { return layer.name == "background"; });
  ASSERT_NE(ground, coded->layers.end());
  EXPECT_GE(ground->dpi.value, page.image.dpi().value - 1);
  const Layers layers = take_apart(page.image.view(), page.patterned);
  for (const std::uint8_t level : layers.ground.pixels()) {
    ASSERT_GT(level, 150);  // no ink in it, and no shadow of ink
  }
}

TEST(Pattern, IsNotWhatShinesThroughFromBehind) {
  const CleanPage page = cleaned(with_lozenges(letter(), {236, 229, 213}));
  EXPECT_FALSE(page.patterned);
  EXPECT_EQ(testing::pixel(page.image, 24 * 20 + 12, 24 * 60 + 12).g, 255);
}

TEST(Pattern, IsNotAStain) {
  Image page = letter();
  testing::draw_box(page, {500, 1100}, {800, 1400}, {240, 214, 180}, 0);
  EXPECT_FALSE(cleaned(page).patterned);
}

TEST(Pattern, IsNotATintOfThePaper) { EXPECT_FALSE(cleaned(letter()).patterned); }

class CorpusPattern : public ::testing::TestWithParam<std::pair<const char*, bool>> {};

TEST_P(CorpusPattern, IsSeenOnCertificatesOnly) {
  const auto source = decode(testing::corpus_file(GetParam().first));
  ASSERT_TRUE(source);
  EXPECT_EQ(clean(source->view(), {})->patterned, GetParam().second);
}

INSTANTIATE_TEST_SUITE_P(Pages, CorpusPattern,
                         ::testing::Values(std::pair{"s06_cert.jpg", true}, std::pair{"s02_letter_skew.jpg", false},
                                           std::pair{"s03_form_skew.jpg", false},
                                           std::pair{"s08_slip_on_bed.jpg", false},
                                           std::pair{"s14_blank_bleed.jpg", false}));

}  // namespace
}  // namespace quay::imaging
