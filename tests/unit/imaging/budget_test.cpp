// SPDX-License-Identifier: Apache-2.0
#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>
#include <gtest/gtest.h>

#include <random>

#include "imaging/codec/decode.hpp"
#include "imaging/encode.hpp"
#include "imaging/layers/ink.hpp"
#include "imaging/layers/legibility.hpp"
#include "imaging/pipeline.hpp"
#include "imaging/recognise/codes.hpp"
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

/// A slip with a code of two pixels a module, too fine for 200 dpi, beside grain that costs a JPEG dear.
Image slip_with_code() {
  constexpr int kModule = 2;
  ZXing::MultiFormatWriter writer(ZXing::BarcodeFormat::QRCode);
  const ZXing::BitMatrix code = writer.setEncoding(ZXing::CharacterSet::UTF8)
                                    .setMargin(0)
                                    .setEccLevel(1)
                                    .encode("H26-251126-0042|Biên lai thu phí, lệ phí|85.000", 1, 1);
  Image slip = testing::flat({600, 500}, {255, 255, 255}, {300});
  for (int y = 0; y < code.height(); ++y) {
    for (int x = 0; x < code.width(); ++x) {
      if (code.get(x, y)) {
        const Point at{200.0 + x * kModule, 200.0 + y * kModule};
        testing::draw_box(slip, at, {at.x + kModule, at.y + kModule}, {0, 0, 0}, 0);
      }
    }
  }
  std::mt19937 random(1);
  for (std::int32_t y = 100; y < 400; ++y) {
    std::generate_n(slip.row(y) + std::ptrdiff_t{3} * 350, 3 * 200,
                    [&random] { return static_cast<std::uint8_t>(random() % 200); });
  }
  return slip;
}

bool shows_the_code(const EncodedPage& page) {
  const auto picture = decode(page.bytes, 0);
  const auto codes = read_codes(picture->view());
  return codes.size() == 1 && codes[0].format == "QRCode";
}

TEST(BudgetOfACode, IsNotMetByACodeThatCannotBeReadAnyMore) {
  Profile profile = *profile_named("photo");
  profile.format = OutputFormat::jpeg;
  const auto page = clean(slip_with_code().view(), profile.clean);
  ASSERT_TRUE(page);
  ASSERT_EQ(page->codes.size(), 1U);
  const std::size_t full = encode(*page, profile)->bytes.size();
  int met = 0, refused = 0;
  for (const std::size_t share : {70U, 40U, 20U, 5U}) {
    profile.max_bytes = full * share / 100;
    const auto within = encode(*page, profile);
    ASSERT_TRUE(within);
    EXPECT_TRUE(shows_the_code(*within)) << share << " % of " << full << " bytes";
    (within->over_budget ? refused : met) += 1;
  }
  EXPECT_GT(met, 0);
  EXPECT_GT(refused, 0);
}

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
