// SPDX-License-Identifier: Apache-2.0
// Several papers on one glass: each becomes its own page, whole; and one page is never taken for several.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "imaging/cleanup/render.hpp"
#include "imaging/codec/decode.hpp"
#include "imaging/detect/papers.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/pipeline.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

constexpr PixelSize kGlass{3400, 2300};
constexpr PixelSize kSlip{1240, 1748};  // A6 at 300 dpi

/// The slip of the corpus, cut out by its truth.
Image slip() {
  const auto scan = decode(testing::corpus_file("s08_slip_on_bed.jpg"));
  EXPECT_TRUE(scan);
  const Transform to_scan = Transform::translation(320.09, 217.09) * Transform::rotation(4.6);
  return render(scan->view(), {to_scan, kSlip, {300}, nullptr});
}

/// Where a slip lies on the glass.
struct Place {
  Point centre;
  double degrees = 0;
};

Transform to_glass(const Place& at) {
  return Transform::translation(at.centre.x, at.centre.y) * Transform::rotation(at.degrees) *
         Transform::translation(-kSlip.width / 2.0, -kSlip.height / 2.0);
}

void lay(const Image& paper, const Place& at, Image& glass) {
  const Transform back = inverse(to_glass(at));
  const Image drawn = render(paper.view(), {back, glass.size(), {300}, nullptr});
  for (std::int32_t y = 0; y < glass.size().height; ++y) {
    for (std::int32_t x = 0; x < glass.size().width; ++x) {
      const Point p = back.apply({static_cast<double>(x), static_cast<double>(y)});
      if (p.x >= 2 && p.y >= 2 && p.x <= kSlip.width - 3 && p.y <= kSlip.height - 3) {
        std::copy_n(drawn.row(y) + 3 * x, 3, glass.row(y) + 3 * x);
      }
    }
  }
}

class TwoPapers : public ::testing::TestWithParam<testing::Rgb> {};

TEST_P(TwoPapers, BecomeTwoPagesEachWithItsOwnTurnAndPlace) {
  const Image paper = slip();
  Image glass = testing::flat(kGlass, GetParam(), {300});
  const std::vector<Place> places{{{800, 1100}, 3.0}, {{2400, 1150}, -11.0}};
  for (const Place& at : places) {
    lay(paper, at, glass);
  }
  Profile profile = *profile_named("hoso");
  profile.clean.read_codes = false;
  const auto pages = make_pages(glass.view(), profile);
  ASSERT_TRUE(pages);
  ASSERT_EQ(pages->size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    const CleanPage& page = (*pages)[i];
    EXPECT_NEAR(page.angle_deg, places[i].degrees, 0.05);
    EXPECT_NEAR(page.paper.width.value, 105, 0.5);
    EXPECT_NEAR(page.paper.height.value, 148, 0.5);
    EXPECT_EQ(page.orientation, 0);
    EXPECT_EQ(page.input, kGlass);
    EXPECT_EQ(std::count(page.flags.begin(), page.flags.end(), "split"), 1);
    const std::vector<Point> ends{{0, 0}, {kSlip.width, 0}, {kSlip.width, kSlip.height}, {0, kSlip.height}};
    for (std::size_t k = 0; k < 4; ++k) {  // corners of the paper are corners of its page, to a millimetre
      const Point seen = to_glass(places[i]).apply(ends[k]);
      EXPECT_NEAR(page.quad_px[k].x, seen.x, 12);
      EXPECT_NEAR(page.quad_px[k].y, seen.y, 12);
      const Point drawn = page.transform.apply(seen);
      EXPECT_NEAR(drawn.x, ends[k].x, 12);
      EXPECT_NEAR(drawn.y, ends[k].y, 12);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Beds, TwoPapers,
                         ::testing::Values(testing::Rgb{18, 18, 20}, testing::Rgb{120, 120, 118},
                                           testing::Rgb{175, 170, 160}, testing::Rgb{222, 222, 228}),
                         [](const auto& bed) { return "Red" + std::to_string(bed.param.r); });

TEST_P(TwoPapers, AreCountedAndCutOutEachWithItsPlace) {
  const Image paper = slip();
  Image glass = testing::flat(kGlass, GetParam(), {300});
  lay(paper, {{800, 1100}, 3.0}, glass);
  lay(paper, {{2400, 1150}, -11.0}, glass);
  const Profile profile = *profile_named("hoso");
  ASSERT_EQ(count_papers(glass.view(), profile), 2);
  EXPECT_EQ(count_papers(glass.view(), *profile_named("original")), 1);
  for (const std::int32_t number : {1, 2}) {
    const auto cut = cut_paper(glass.view(), profile, number);
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->place.right - cut->place.left, cut->picture.size().width);
    EXPECT_EQ(cut->place.bottom - cut->place.top, cut->picture.size().height);
    EXPECT_NEAR((cut->place.left + cut->place.right) / 2, number == 1 ? 800 : 2400, 15);
    EXPECT_EQ(count_papers(cut->picture.view(), profile), 1);
  }
  for (const std::int32_t number : {0, 3, -1}) {
    const auto none = cut_paper(glass.view(), profile, number);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Errc::request_bad_argument);
  }
}

TEST(Pages, APaperBesideWhichThereIsWritingStaysWithIt) {
  const Image paper = slip();
  Image glass = testing::flat(kGlass, {215, 214, 210}, {300});
  lay(paper, {{800, 1100}, 3.0}, glass);
  lay(paper, {{2400, 1150}, -2.0}, glass);
  testing::draw_box(glass, {1500, 2180}, {1700, 2210}, {30, 30, 30}, 0);
  testing::draw_box(glass, {1800, 2180}, {2000, 2210}, {30, 30, 30}, 0);
  const auto pages = make_pages(glass.view(), *profile_named("hoso"));
  ASSERT_TRUE(pages);
  EXPECT_EQ(pages->size(), 1U);
}

class OnePage : public ::testing::TestWithParam<std::string> {};

TEST_P(OnePage, IsNotTakenForSeveral) {
  const auto scan = decode(testing::corpus_file(GetParam() + ".jpg"));
  ASSERT_TRUE(scan);
  Profile profile = *profile_named("hoso");
  profile.clean.read_codes = false;
  const auto pages = make_pages(scan->view(), profile);
  ASSERT_TRUE(pages);
  EXPECT_EQ(pages->size(), 1U);
  EXPECT_EQ(std::count((*pages)[0].flags.begin(), (*pages)[0].flags.end(), "split"), 0);
}

INSTANTIATE_TEST_SUITE_P(Corpus, OnePage,
                         ::testing::Values("s02_letter_skew", "s03_form_skew", "s06_cert", "s07_idcards",
                                           "s08_slip_on_bed", "s14_blank_bleed"),
                         [](const auto& page) { return page.param; });

TEST(Pages, WithKeptGeometryOrForOtherSubjectsArePicturesAsTheyAre) {
  const Image paper = slip();
  Image glass = testing::flat(kGlass, {18, 18, 20}, {300});
  lay(paper, {{800, 1100}, 3.0}, glass);
  lay(paper, {{2400, 1150}, -2.0}, glass);
  Profile profile = *profile_named("hoso");
  profile.clean.keep_geometry = true;
  const auto kept = make_pages(glass.view(), profile);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->size(), 1U);
  EXPECT_EQ((*kept)[0].image.size(), kGlass);
  const auto cards = make_pages(glass.view(), *profile_named("card"));
  ASSERT_FALSE(cards);
  EXPECT_EQ(cards.error().code, Errc::card_not_found);
}

TEST(Papers, AtTheRimOfTheGlassAreMeasuredOnTheSidesThatShow) {
  Image glass = testing::flat({1240, 1754}, {40, 40, 42}, {150});
  testing::draw_box(glass, {-5, -5}, {620, 874}, {240, 239, 236}, 0);  // A6, laid into the corner
  const Image small = reduce(glass.view(), 8);
  const Papers papers = find_papers({glass.view(), small.view(), 8, {150}});
  ASSERT_EQ(papers.list.size(), 1U);
  EXPECT_NEAR(papers.list[0].quad[2].x, 619.5, 2);
  EXPECT_NEAR(papers.list[0].quad[2].y, 873.5, 2);
  EXPECT_TRUE(papers.bare_beside);
}

}  // namespace
}  // namespace quay::imaging
