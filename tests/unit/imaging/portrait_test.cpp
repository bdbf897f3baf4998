// SPDX-License-Identifier: Apache-2.0
#include "imaging/extract/portrait.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "imaging/cleanup/render.hpp"
#include "imaging/cleanup/turn.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/pipeline.hpp"
#include "tests/unit/imaging/person.hpp"

namespace quay::imaging {
namespace {

using testing::Person;
using testing::Rgb;

constexpr PaperSize kSmallPrint{{30}, {40}}, kLargePrint{{40}, {60}};
constexpr Rgb kWhite{232, 233, 235}, kBlue{70, 130, 205};

/// A camera's picture of one person before a wall.
Image photo(const Person& person, Rgb wall = kWhite, PixelSize size = {1200, 1600}) {
  Image picture = testing::flat(size, wall, {0});
  testing::draw_person(picture, person);
  return picture;
}

Person usual() { return {.middle = {600, 620}, .head_px = 560}; }

std::optional<Errc> refusal_of(const Image& picture, const PaperSize& print = kSmallPrint) {
  const auto page = make_portrait(picture.view(), {}, print);
  return page ? std::nullopt : std::optional(page.error().code);
}

/// As a lens shows it that is focused elsewhere: no detail smaller than `pixels` is left.
Image out_of_focus(const Image& picture, std::int32_t pixels) {
  const Image small = reduce(picture.view(), pixels);
  const double scale = 1.0 / pixels;
  return render(small.view(), {Transform::translation(-0.5, -0.5) * Transform::scaling(scale, scale) *
                                   Transform::translation(0.5, 0.5),
                               picture.size(), picture.dpi(), nullptr});
}

/// Where the drawn head's crown and chin come to lie, as shares of the print's height.
void expect_head_in_place(const CleanPage& page, const Person& person) {
  const double height = page.image.size().height, width = page.image.size().width;
  const Point crown = page.transform.apply({person.middle.x, person.middle.y - 0.5 * person.head_px});
  const Point chin = page.transform.apply({person.middle.x, person.middle.y + 0.5 * person.head_px});
  EXPECT_NEAR(crown.y / height, 0.07, 0.03);
  EXPECT_NEAR((chin.y - crown.y) / height, 0.70, 0.06);
  EXPECT_NEAR(crown.x / width, 0.5, 0.04);
}

TEST(Portrait, OfAPersonBeforeAWhiteOrBlueWallIsCutWithTheHeadInItsPlace) {
  for (const Rgb wall : {kWhite, kBlue}) {
    const auto page = make_portrait(photo(usual(), wall).view(), {}, kSmallPrint);
    ASSERT_TRUE(page) << page.error().detail;
    EXPECT_EQ(page->image.size(), (PixelSize{354, 472}));
    EXPECT_EQ(page->image.dpi(), Dpi{300});
    EXPECT_EQ(page->paper, kSmallPrint);
    EXPECT_TRUE(page->flags.empty());
    expect_head_in_place(*page, usual());
    const Rgb corner = testing::pixel(page->image, 5, 5);
    EXPECT_NEAR(corner.r, wall.r, 2);  // colours are left alone
    EXPECT_NEAR(corner.b, wall.b, 2);
  }
}

TEST(Portrait, OfFourBySixIs472By709AndByProfileEachHasItsSize) {
  const Image picture = photo(usual());
  const auto large = make_portrait(picture.view(), {}, kLargePrint);
  ASSERT_TRUE(large) << large.error().detail;
  EXPECT_EQ(large->image.size(), (PixelSize{472, 709}));
  expect_head_in_place(*large, usual());
  for (const auto& [name, print] : {std::pair{"portrait", kSmallPrint}, {"portrait-4x6", kLargePrint}}) {
    const auto page = make_page(picture.view(), *profile_named(name));
    ASSERT_TRUE(page) << name;
    EXPECT_EQ(page->paper, print);
  }
}

TEST(Portrait, IsFinerWhenAskedButNeverThanThePictureIs) {
  const Image picture = photo(usual());
  const auto finer = make_portrait(picture.view(), {.dpi = {400}}, kSmallPrint);
  ASSERT_TRUE(finer);
  EXPECT_EQ(finer->image.dpi(), Dpi{400});
  const auto finest = make_portrait(picture.view(), {.dpi = {1200}}, kSmallPrint);
  ASSERT_TRUE(finest);
  const double pixels = std::hypot(finest->transform.m[0], finest->transform.m[3]);
  EXPECT_LE(pixels, 1.005);
  EXPECT_GT(finest->image.dpi().value, 450);
}

TEST(Portrait, WhosePersonIsTooFarAwayIsRefusedInsteadOfEnlarged) {
  Person far = usual();
  far.head_px = 250;  // 354 x 472 pixels take a head of 330
  EXPECT_EQ(refusal_of(photo(far)), Errc::portrait_too_small);
  far.head_px = 420;  // enough for 3 x 4, not for 4 x 6
  EXPECT_TRUE(make_portrait(photo(far).view(), {}, kSmallPrint));
  EXPECT_EQ(refusal_of(photo(far), kLargePrint), Errc::portrait_too_small);
}

TEST(Portrait, OfNobodyIsRefused) {
  EXPECT_EQ(refusal_of(testing::flat({1200, 1600}, kWhite)), Errc::portrait_no_face);
  EXPECT_EQ(refusal_of(testing::page_with_lines({1240, 1754}, 2)), Errc::portrait_no_face);
  EXPECT_EQ(refusal_of(testing::flat({1, 1}, kWhite)), Errc::portrait_no_face);
  EXPECT_EQ(refusal_of(testing::flat({2000, 3}, kWhite)), Errc::portrait_no_face);
}

TEST(Portrait, OfTwoIsRefused) {
  Image picture = photo({.middle = {420, 600}, .head_px = 420}, kWhite, {1600, 1400});
  testing::draw_person(picture, {.middle = {1180, 640}, .head_px = 360});
  EXPECT_EQ(refusal_of(picture), Errc::portrait_several_faces);
}

TEST(Portrait, BeforeAColouredACrowdedOrAShadowedWallIsRefused) {
  EXPECT_EQ(refusal_of(photo(usual(), {120, 170, 90})), Errc::portrait_ground);
  Image crowded = testing::flat({1200, 1600}, kWhite, {0});
  testing::draw_box(crowded, {760, 100}, {1000, 1500}, {150, 110, 60}, 0);  // a door
  testing::draw_person(crowded, usual());
  EXPECT_EQ(refusal_of(crowded), Errc::portrait_ground);
  Image shadowed = testing::flat({1200, 1600}, kWhite, {0});
  testing::draw_box(shadowed, {640, 380}, {960, 1500}, {165, 165, 168}, 0);
  testing::draw_person(shadowed, usual());
  EXPECT_EQ(refusal_of(shadowed), Errc::portrait_ground);
}

TEST(Portrait, BlurredIsRefusedAndSharpIsNot) {
  const Image sharp = photo(usual());
  EXPECT_FALSE(refusal_of(out_of_focus(sharp, 2)));
  EXPECT_EQ(refusal_of(out_of_focus(sharp, 14)), Errc::portrait_blurred);
}

TEST(Portrait, TooDarkTooBrightOrLitFromOneSideIsRefused) {
  Person person = usual();
  person.light = 0.28;
  EXPECT_EQ(refusal_of(photo(person)), Errc::portrait_exposure);
  person.light = 1.6;
  EXPECT_EQ(refusal_of(photo(person)), Errc::portrait_exposure);
  person.light = 1;
  person.left_light = 0.5;
  EXPECT_EQ(refusal_of(photo(person)), Errc::portrait_exposure);
}

TEST(Portrait, WhoseHeadIsAtTheEdgeIsRefusedNotFilledUp) {
  Person person = usual();
  person.middle.y = 250;  // the crown is out of the picture
  EXPECT_EQ(refusal_of(photo(person)), Errc::portrait_ground);
  person = usual();
  person.middle.x = 230;  // an ear is
  EXPECT_EQ(refusal_of(photo(person)), Errc::portrait_ground);
}

TEST(Portrait, OfAPictureThatLiesIsTurnedUpright) {
  const Image upright = photo(usual());
  for (const std::int32_t degrees : {90, 180, 270}) {
    const Image lying = turned(upright.view(), degrees);
    const auto page = make_portrait(lying.view(), {}, kSmallPrint);
    ASSERT_TRUE(page) << degrees << ": " << page.error().detail;
    EXPECT_EQ(page->orientation, degrees);
    EXPECT_EQ(page->flags, std::vector<std::string>{"turned-" + std::to_string(degrees)});
    // The pupil of an eye, followed from the picture that lies to the page.
    const PixelSize size = lying.size();
    const Point eye{600 + 0.155 * 560, 620};
    const Point there = degrees == 90    ? Point{size.width - 1 - eye.y, eye.x}
                        : degrees == 180 ? Point{size.width - 1 - eye.x, size.height - 1 - eye.y}
                                         : Point{eye.y, size.height - 1 - eye.x};
    const Point on_page = page->transform.apply(there);
    EXPECT_LT(testing::pixel(page->image, static_cast<std::int32_t>(std::lround(on_page.x)),
                             static_cast<std::int32_t>(std::lround(on_page.y)))
                  .g,
              60);
    EXPECT_FALSE(make_portrait(lying.view(), {.orient = false}, kSmallPrint));
  }
}

TEST(Portrait, PrintedOnPaperOnTheGlassIsCutFromThePrintAlone) {
  // A print of 9 x 12 cm, turned a little, on a scanner's black bed; its wall ends where the print does.
  constexpr double kPixelsAMm = 300 / kMillimetresPerInch;
  Image bed = testing::flat({1800, 2000}, {24, 24, 26}, {300});
  const Point middle{900, 1000};
  testing::draw_box(bed, {middle.x - 45 * kPixelsAMm, middle.y - 60 * kPixelsAMm},
                    {middle.x + 45 * kPixelsAMm, middle.y + 60 * kPixelsAMm}, kWhite, 4);
  Person person{.middle = {900, 860}, .head_px = 600, .degrees = 4};
  Image drawn = testing::flat(bed.size(), kWhite, {300});
  testing::draw_person(drawn, person);
  for (std::int32_t y = 0; y < bed.size().height; ++y) {  // the person ends with the print
    for (std::int32_t x = 0; x < bed.size().width; ++x) {
      if (testing::pixel(bed, x, y).r > 200) {
        std::copy_n(drawn.row(y) + std::ptrdiff_t{3} * x, 3, bed.row(y) + std::ptrdiff_t{3} * x);
      }
    }
  }
  const auto page = make_portrait(bed.view(), {}, kSmallPrint);
  ASSERT_TRUE(page) << page.error().detail;
  EXPECT_NEAR(page->angle_deg, 4, 0.3);
  int dark = 0;
  for (const auto& [x, y] : {std::pair{2, 2}, {351, 2}, {2, 200}, {351, 200}}) {
    dark += testing::pixel(page->image, x, y).r < 200 ? 1 : 0;
  }
  EXPECT_EQ(dark, 0);
}

}  // namespace
}  // namespace quay::imaging
