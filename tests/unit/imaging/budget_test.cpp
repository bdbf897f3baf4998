// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "imaging/codec/decode.hpp"
#include "imaging/encode.hpp"
#include "imaging/layers/ink.hpp"
#include "imaging/layers/legibility.hpp"
#include "imaging/pipeline.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

class Budget : public ::testing::TestWithParam<OutputFormat> {
 protected:
  void SetUp() override {
    const auto source = decode(testing::corpus_file("s03_form_skew.jpg"));
    ASSERT_TRUE(source);
    profile_.format = GetParam();
    auto page = clean(source->view(), profile_.clean);
    ASSERT_TRUE(page);
    page_ = std::move(*page);
    full_ = encode(page_, profile_)->bytes.size();
  }

  EncodedPage within(std::size_t bytes) {
    profile_.max_bytes = bytes;
    auto out = encode(page_, profile_);
    EXPECT_TRUE(out);
    return std::move(*out);
  }

  Profile profile_ = *profile_named("hoso");
  CleanPage page_;
  std::size_t full_ = 0;
};

TEST_P(Budget, ThatIsLargeEnoughChangesNothing) {
  EXPECT_EQ(within(full_).bytes.size(), full_);
  EXPECT_FALSE(within(full_).over_budget);
}

TEST_P(Budget, IsMetAndUsedWell) {
  const std::size_t asked = full_ * 9 / 10;
  const EncodedPage page = within(asked);
  EXPECT_FALSE(page.over_budget);
  EXPECT_LE(page.bytes.size(), asked);
  EXPECT_GE(page.bytes.size(), asked * 6 / 10);
}

TEST_P(Budget, BelowWhatCanBeReadIsSaidAndNotMet) {
  const EncodedPage page = within(500);
  EXPECT_TRUE(page.over_budget);
  EXPECT_LT(page.bytes.size(), full_);
  EXPECT_GE(page.dpi.value, kMinOutputDpi.value - 0.5);
}

TEST_P(Budget, GivesTheSameBytesEachTime) { EXPECT_EQ(within(full_ / 2).bytes, within(full_ / 2).bytes); }

INSTANTIATE_TEST_SUITE_P(Formats, Budget, ::testing::Values(OutputFormat::pdf, OutputFormat::jpeg, OutputFormat::tiff));

TEST(XHeight, IsThatOfMostLetters) {
  Image page = testing::flat({900, 600}, {255, 255, 255});
  for (int line = 0; line < 8; ++line) {
    for (int i = 0; i < 30; ++i) {
      const double x = 30 + i * 26, y = 40 + line * 60;
      testing::draw_box(page, {x, y - (i % 5 == 0 ? 10 : 0)}, {x + 14, y + 20}, {0, 0, 0}, 0);
      testing::draw_box(page, {x + 4, y - 20}, {x + 10, y - 15}, {0, 0, 0}, 0);  // accents
    }
  }
  EXPECT_NEAR(x_height(ink_mask(darkness_of(page.view()))), 20, 2);
}

TEST(XHeight, OfAPageWithoutTextIsNone) {
  Image page = testing::flat({900, 600}, {255, 255, 255});
  testing::draw_box(page, {100, 100}, {700, 400}, {0, 0, 0}, 0);
  EXPECT_EQ(x_height(ink_mask(darkness_of(page.view()))), 0);
}

TEST(StrokeContrast, FallsWithFainterStrokesAndWithNoiseBesideThem) {
  const auto contrast = [](std::uint8_t ink, int noise) {
    Image page = testing::flat({400, 300}, {255, 255, 255});
    for (std::int32_t y = 20; y < 280; y += 20) {
      testing::draw_box(page, {20, y * 1.0}, {380, y + 4.0}, {ink, ink, ink}, 0);
    }
    const Bitmap strokes = ink_mask(darkness_of(page.view()));
    unsigned seed = 1;
    for (std::uint8_t& value : page.pixels()) {
      seed = seed * 1103515245U + 12345U;
      value = static_cast<std::uint8_t>(value > 250 ? value - static_cast<int>(seed >> 16) % (noise + 1) : value);
    }
    return stroke_contrast(page.view(), strokes);
  };
  EXPECT_GT(contrast(0, 0), 0.75);
  EXPECT_LT(contrast(120, 0), 0.6);
  EXPECT_LT(contrast(0, 80), contrast(0, 0) - 0.1);
}

TEST(FairLimit, LeavesSmallPagesAloneAndCutsTheLargeOnes) {
  const std::vector<std::size_t> sizes{10, 100, 50}, none(3, 0);
  EXPECT_EQ(fair_limit(sizes, none, 160), 100U);
  EXPECT_EQ(fair_limit(sizes, none, 120), 60U);
  EXPECT_EQ(fair_limit(sizes, none, 70), 30U);
  EXPECT_EQ(fair_limit(sizes, none, 15), 5U);
}

TEST(FairLimit, CountsWhatCannotGetSmaller) {
  const std::vector<std::size_t> sizes{10, 100, 50}, floors{0, 80, 0};
  EXPECT_EQ(fair_limit(sizes, floors, 120), 30U);
  EXPECT_EQ(fair_limit(sizes, floors, 79), 0U);
}

}  // namespace
}  // namespace quay::imaging
