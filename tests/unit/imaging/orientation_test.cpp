// SPDX-License-Identifier: Apache-2.0
// Pages laid in all four ways: each comes back upright, or is left alone and said to be uncertain; none is turned
// wrongly.
#include "imaging/detect/orientation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>

#include "imaging/cleanup/turn.hpp"
#include "imaging/codec/decode.hpp"
#include "imaging/pipeline.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

bool has_flag(const CleanPage& page, const std::string& flag) {
  return std::find(page.flags.begin(), page.flags.end(), flag) != page.flags.end();
}

class TurnedPage : public ::testing::TestWithParam<std::tuple<std::string, std::int32_t>> {};

TEST_P(TurnedPage, IsTurnedUprightInTheOneResampling) {
  const auto& [name, degrees] = GetParam();
  const auto picture = decode(testing::corpus_file(name + ".jpg"));
  ASSERT_TRUE(picture);
  const CleanSettings settings{.whiten = false, .read_codes = false};
  const auto upright = clean(picture->view(), settings);
  const Image lying = turned(picture->view(), degrees);
  const auto page = clean(lying.view(), settings);
  ASSERT_TRUE(upright && page);
  EXPECT_EQ(upright->orientation, 0);
  EXPECT_EQ(page->orientation, degrees);
  EXPECT_FALSE(has_flag(*page, "orientation-uncertain"));
  EXPECT_NEAR(page->angle_deg, upright->angle_deg, 0.01);
  EXPECT_NEAR(page->paper.width.value, upright->paper.width.value, 1.5);
  EXPECT_NEAR(page->paper.height.value, upright->paper.height.value, 1.5);
  // The middle of the sheet in both pictures is the middle of both pages.
  const Point middle{(picture->size().width - 1) / 2.0, (picture->size().height - 1) / 2.0};
  const Point lying_middle{(lying.size().width - 1) / 2.0, (lying.size().height - 1) / 2.0};
  EXPECT_NEAR(page->transform.apply(lying_middle).x, upright->transform.apply(middle).x, 12);
  EXPECT_NEAR(page->transform.apply(lying_middle).y, upright->transform.apply(middle).y, 12);
  const Point corner = page->transform.apply(page->quad_px[0]);
  EXPECT_NEAR(corner.x, -0.5, 1e-6);
  EXPECT_NEAR(corner.y, -0.5, 1e-6);
}

INSTANTIATE_TEST_SUITE_P(
    Pages, TurnedPage,
    ::testing::Combine(::testing::Values("s02_letter_skew", "s03_form_skew", "s06_cert", "s08_slip_on_bed"),
                       ::testing::Values(90, 180, 270)),
    [](const auto& param) { return std::get<0>(param.param) + "_" + std::to_string(std::get<1>(param.param)); });

TEST(Orientation, OfWordsWithoutMarksIsLeftAndSaidToBeUncertain) {
  const Image picture = turned(testing::page_with_lines({1240, 1754}, 0).view(), 180);
  const auto page = clean(picture.view(), {});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->orientation, 0);
  EXPECT_TRUE(has_flag(*page, "orientation-uncertain"));
}

TEST(Orientation, IsNotTouchedWhenGeometryIsKeptNorWhenItIsSwitchedOff) {
  const auto picture = decode(testing::corpus_file("s06_cert.jpg"));
  ASSERT_TRUE(picture);
  const Image lying = turned(picture->view(), 180);
  for (const CleanSettings& settings : {CleanSettings{.keep_geometry = true, .read_codes = false},
                                        CleanSettings{.orient = false, .whiten = false, .read_codes = false}}) {
    const auto page = clean(lying.view(), settings);
    ASSERT_TRUE(page);
    EXPECT_EQ(page->orientation, 0);
    EXPECT_FALSE(has_flag(*page, "orientation-uncertain"));
  }
}

TEST(Orientation, OfAnEmptyOrTinyPageIsUncertain) {
  for (const PixelSize size : {PixelSize{1, 1}, {3, 500}, {992, 1403}}) {
    Image page(PixelFormat::gray, size, kOrientationDpi);
    std::fill(page.pixels().begin(), page.pixels().end(), std::uint8_t{240});
    EXPECT_FALSE(find_orientation(page.view()).certain);
  }
}

}  // namespace
}  // namespace quay::imaging
