// SPDX-License-Identifier: Apache-2.0
// The pages of tests/data/pages against their truth: angle, sheet, ink of each colour, blankness.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "imaging/codec/decode.hpp"
#include "imaging/pipeline.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

struct Truth {
  std::string name;
  double angle_deg;
  PaperSize paper;  ///< zero: the sheet need not be found
  Point top_left;
};

class CorpusPage : public ::testing::TestWithParam<Truth> {
 protected:
  void SetUp() override {
    source_ = decode(testing::corpus_file(GetParam().name + ".jpg"));
    ASSERT_TRUE(source_);
    page_ = clean(source_->view(), profile_named("hoso")->clean);
    ASSERT_TRUE(page_);
  }

  /// Share of the truth pixels of `colour` (of those that `kept` recognises in the input) that are kept in the output;
  /// `outside` counts truth pixels that the output does not show.
  double recall(const std::string& colour, bool (*kept)(testing::Rgb), int& outside) {
    const auto mask = decode(testing::corpus_file("gt/" + GetParam().name + "." + colour + ".png"));
    EXPECT_TRUE(mask);
    int all = 0, still = 0;
    for (std::int32_t y = 0; y < mask->size().height; ++y) {
      for (std::int32_t x = 0; x < mask->size().width; ++x) {
        const bool ink = mask->format() == PixelFormat::bitonal ? (mask->row(y)[x / 8] >> (7 - x % 8) & 1) == 0
                                                                : testing::pixel(*mask, x, y).r > 127;
        if (!ink) {
          continue;
        }
        const Point to = page_->transform.apply({static_cast<double>(x), static_cast<double>(y)});
        const auto tx = static_cast<std::int32_t>(std::lround(to.x));
        const auto ty = static_cast<std::int32_t>(std::lround(to.y));
        if (tx < 0 || ty < 0 || tx >= page_->image.size().width || ty >= page_->image.size().height) {
          ++outside;
        } else if (kept(testing::pixel(*source_, x, y))) {
          ++all;
          still += kept(testing::pixel(page_->image, tx, ty)) ? 1 : 0;
        }
      }
    }
    return all == 0 ? 1.0 : static_cast<double>(still) / all;
  }

  Result<Image> source_;
  Result<CleanPage> page_;
};

bool is_red(testing::Rgb p) { return p.r - std::max(p.g, p.b) > 30; }
bool is_blue(testing::Rgb p) { return p.b - p.r > 30; }
bool is_dark(testing::Rgb p) { return p.g < 110; }

TEST_P(CorpusPage, HasItsAngle) { EXPECT_NEAR(page_->angle_deg, GetParam().angle_deg, 0.02); }

TEST_P(CorpusPage, KeepsItsInk) {
  int outside = 0;
  EXPECT_GT(recall("red", is_red, outside), 0.97);
  EXPECT_GT(recall("blue", is_blue, outside), 0.97);
  EXPECT_GT(recall("black", is_dark, outside), 0.85);
  EXPECT_EQ(outside, 0) << "ink was cropped away";
}

TEST_P(CorpusPage, HasTheSizeAndPlaceOfItsSheet) {
  const Truth& truth = GetParam();
  if (truth.paper.width.value == 0) {
    EXPECT_FALSE(page_->sheet_found);
    return;
  }
  EXPECT_NEAR(page_->paper.width.value, truth.paper.width.value, 0.5);
  EXPECT_NEAR(page_->paper.height.value, truth.paper.height.value, 0.5);
  EXPECT_NEAR(page_->quad_px[0].x, truth.top_left.x, 12);
  EXPECT_NEAR(page_->quad_px[0].y, truth.top_left.y, 12);
}

TEST_P(CorpusPage, IsNotBlank) { EXPECT_FALSE(page_->blank); }

INSTANTIATE_TEST_SUITE_P(Pages, CorpusPage,
                         ::testing::Values(Truth{"s02_letter_skew", 2.37, kA4, {109.09, -20.28}},
                                           Truth{"s03_form_skew", -1.43, kA4, {-7.89, 60.99}},
                                           Truth{"s06_cert", 1.08, kA4, {68.78, 6.44}},
                                           Truth{"s08_slip_on_bed", 4.6, {}, {}}),
                         [](const auto& page) { return page.param.name; });

TEST(CorpusBlankPage, IsFlaggedAndKept) {
  const auto source = decode(testing::corpus_file("s14_blank_bleed.jpg"));
  ASSERT_TRUE(source);
  const auto page = clean(source->view(), profile_named("hoso")->clean);
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->blank);
  EXPECT_FALSE(page->image.empty());
  EXPECT_TRUE(encode(*page, *profile_named("hoso")));
}

}  // namespace
}  // namespace quay::imaging
