// SPDX-License-Identifier: Apache-2.0
// A witness sees every step of a page, in order, and changes nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "imaging/codec/decode.hpp"
#include "imaging/pipeline.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

struct Seen {
  std::vector<Stage> order;
  std::map<Stage, Image> pictures;  ///< the first of each stage

  Witness witness() {
    return [this](const Glimpse& glimpse) {
      order.push_back(glimpse.stage);
      Image copy(glimpse.picture.format, glimpse.picture.size, glimpse.picture.dpi);
      for (std::int32_t y = 0; y < copy.size().height; ++y) {
        std::copy_n(glimpse.picture.row(y), copy.stride_bytes(), copy.row(y));
      }
      pictures.try_emplace(glimpse.stage, std::move(copy));
    };
  }
};

/// Yellowed paper with lines of words, a red mark and a blue one.
Image written_page() {
  Image page = testing::page_with_lines({1240, 1754}, 2.0, {150});
  for (std::uint8_t& level : page.pixels()) {
    level = static_cast<std::uint8_t>(level * 9 / 10);
  }
  testing::draw_box(page, {600, 1600}, {640, 1640}, {210, 20, 30}, 2.0);
  testing::draw_box(page, {700, 1600}, {740, 1640}, {30, 40, 190}, 2.0);
  return page;
}

TEST(AWitness, SeesEveryStepOfAPageInOrder) {
  const Image page = written_page();
  const Profile profile = *profile_named("hoso");
  Seen seen;
  const auto pages = make_pages(page.view(), profile, seen.witness());
  ASSERT_TRUE(pages);
  ASSERT_TRUE(encode(pages->front(), profile, seen.witness()));
  EXPECT_TRUE(std::is_sorted(seen.order.begin(), seen.order.end()));
  for (const Stage stage : {Stage::input, Stage::sheet, Stage::upright, Stage::geometry, Stage::paper,
                            Stage::illumination, Stage::clean, Stage::mask, Stage::ink, Stage::result}) {
    EXPECT_TRUE(seen.pictures.contains(stage)) << stage_name(stage);
  }
  EXPECT_EQ(std::count(seen.order.begin(), seen.order.end(), Stage::ink), 3);
  EXPECT_TRUE(std::ranges::equal(seen.pictures.at(Stage::input).pixels(), page.pixels()));
  EXPECT_TRUE(std::ranges::equal(seen.pictures.at(Stage::clean).pixels(), pages->front().image.pixels()));
}

TEST(AWitness, SeesPaperInItsOwnColourBeforeAndWhiteAfter) {
  const Image page = written_page();
  Seen seen;
  ASSERT_TRUE(clean(page.view(), {}, seen.witness()));
  const std::int32_t x = 620, y = 1700;  // bare
  EXPECT_NEAR(testing::pixel(seen.pictures.at(Stage::geometry), x, y).g, 225, 3);
  EXPECT_EQ(testing::pixel(seen.pictures.at(Stage::illumination), x, y).g, 255);
  EXPECT_NEAR(testing::pixel(seen.pictures.at(Stage::paper), 40, 40).g, 225, 3);
}

TEST(AWitness, ChangesNoByteOfTheDocument) {
  const Image page = written_page();
  Profile profile = *profile_named("hoso");
  for (const std::size_t limit : {std::size_t{0}, std::size_t{4000}}) {
    profile.max_bytes = limit;
    Seen seen;
    const auto watched = make_page(page.view(), profile, seen.witness());
    const auto alone = make_page(page.view(), profile);
    ASSERT_TRUE(watched && alone);
    const auto document = encode(*watched, profile, seen.witness());
    EXPECT_EQ(document->bytes, encode(*alone, profile)->bytes) << limit;
    EXPECT_EQ(seen.pictures.at(Stage::result).size(), document->size) << limit;
  }
}

TEST(AWitness, OfABlackAndWhitePageSeesNoLayers) {
  const Image page = written_page();
  const Profile profile = *profile_named("bitonal");
  Seen seen;
  const auto cleaned = make_page(page.view(), profile);
  ASSERT_TRUE(encode(*cleaned, profile, seen.witness()));
  EXPECT_EQ(seen.order, std::vector<Stage>{Stage::result});
}

TEST(AWitness, IsToldWhichOfThePapersOnOneGlassItSees) {
  const auto scan = decode(testing::corpus_file("s08_slip_on_bed.jpg"));
  ASSERT_TRUE(scan);
  Image glass = testing::flat({2 * scan->size().width, scan->size().height}, {}, {300});
  for (std::int32_t y = 0; y < glass.size().height; ++y) {
    for (const std::size_t side : {0U, 1U}) {
      std::copy_n(scan->row(y), scan->stride_bytes(), glass.row(y) + side * scan->stride_bytes());
    }
  }
  std::vector<std::size_t> parts;
  const auto pages = make_pages(glass.view(), *profile_named("hoso"), [&parts](const Glimpse& glimpse) {
    if (glimpse.stage == Stage::input) {
      parts.push_back(glimpse.part);
    }
  });
  ASSERT_TRUE(pages);
  EXPECT_EQ(parts, (std::vector<std::size_t>{0, 1}));
}

}  // namespace
}  // namespace quay::imaging
