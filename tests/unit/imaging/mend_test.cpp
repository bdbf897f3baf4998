// SPDX-License-Identifier: Apache-2.0
// What no one wrote goes (punch holes, dust, bands of the bed, folds); what looks a little like it stays.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "imaging/pipeline.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

constexpr testing::Rgb kBed{38, 40, 42}, kBlack{35, 35, 35}, kPaper{236, 231, 218};
constexpr PixelSize kA4Pixels{2480, 3508};

double pixels(double mm) { return mm / kMillimetresPerInch * 300; }

/// An upright box of whole pixels.
void fill(Image& page, Point from, Point to, testing::Rgb colour) {
  const auto left = static_cast<std::int32_t>(from.x), right = static_cast<std::int32_t>(to.x);
  for (auto y = static_cast<std::int32_t>(from.y); y < static_cast<std::int32_t>(to.y); ++y) {
    for (std::int32_t x = left; x < right; ++x) {
      std::uint8_t* pixel = page.row(y) + 3 * static_cast<std::ptrdiff_t>(x);
      pixel[0] = colour.r;
      pixel[1] = colour.g;
      pixel[2] = colour.b;
    }
  }
}

Image sheet() {
  Image page = testing::flat(kA4Pixels, kPaper);
  for (int line = 0; line < 40; ++line) {
    for (int word = 0; word < 9; ++word) {
      const double x = pixels(32 + 18 * word), y = pixels(30 + 6 * line);
      fill(page, {x, y}, {x + pixels(14), y + pixels(2.2)}, kBlack);
    }
  }
  return page;
}

/// A disc, or a ring where `inner` is given; soft edge.
void draw_disc(Image& page, Point centre, double radius, testing::Rgb colour, double inner = -1) {
  for (auto y = static_cast<std::int32_t>(centre.y - radius) - 2; y < centre.y + radius + 2; ++y) {
    for (auto x = static_cast<std::int32_t>(centre.x - radius) - 2; x < centre.x + radius + 2; ++x) {
      if (x < 0 || y < 0 || x >= page.size().width || y >= page.size().height) {
        continue;
      }
      const double away = std::hypot(x - centre.x, y - centre.y);
      const double share = std::clamp(std::min(radius - away, away - inner) + 0.5, 0.0, 1.0);
      std::uint8_t* pixel = page.row(y) + 3 * static_cast<std::ptrdiff_t>(x);
      const std::array<int, 3> to{colour.r, colour.g, colour.b};
      for (std::size_t c = 0; c < 3; ++c) {
        pixel[c] = static_cast<std::uint8_t>(std::lround(pixel[c] + (to[c] - pixel[c]) * share));
      }
    }
  }
}

Point at_mm(double x, double y) { return {pixels(x), pixels(y)}; }

/// The darkest level of the page within `reach` mm of where the input had p.
int darkest_at(const CleanPage& page, Point p, double reach) {
  const Point at = page.transform.apply(p);
  const auto by = static_cast<std::int32_t>(pixels(reach));
  const auto cx = static_cast<std::int32_t>(std::lround(at.x)), cy = static_cast<std::int32_t>(std::lround(at.y));
  int darkest = 255;
  for (std::int32_t y = std::max(0, cy - by); y <= std::min(page.image.size().height - 1, cy + by); ++y) {
    for (std::int32_t x = std::max(0, cx - by); x <= std::min(page.image.size().width - 1, cx + by); ++x) {
      const auto colour = testing::pixel(page.image, x, y);
      darkest = std::min({darkest, int{colour.r}, int{colour.g}, int{colour.b}});
    }
  }
  return darkest;
}

CleanPage cleaned(const Image& page, const CleanSettings& settings = {}) {
  auto out = clean(page.view(), settings);
  EXPECT_TRUE(out);
  return *std::move(out);
}

TEST(PunchHoles, BecomePaperAtWhateverEdge) {
  struct Pair {
    Point one, other;
  };
  for (const Pair& pair : {Pair{at_mm(12, 108), at_mm(12, 188)}, Pair{at_mm(65, 12), at_mm(145, 12)},
                           Pair{at_mm(198, 108.7), at_mm(198.6, 188.5)}}) {
    Image page = sheet();
    for (const Point& hole : {pair.one, pair.other}) {
      draw_disc(page, hole, pixels(3.3), {190, 186, 176});  // its shadow
      draw_disc(page, hole, pixels(3), kBed);
    }
    for (const bool keep : {false, true}) {
      const CleanPage out = cleaned(page, {.keep_geometry = keep});
      EXPECT_EQ(darkest_at(out, pair.one, 4), 255);
      EXPECT_EQ(darkest_at(out, pair.other, 4), 255);
      EXPECT_LT(darkest_at(out, at_mm(39, 103.1), 2), 90);  // a word
    }
  }
}

TEST(PunchHoles, OfATurnedPageBecomePaperToo) {
  Image page = testing::flat(kA4Pixels, kPaper);
  const Transform turn =
      Transform::translation(1239.5, 1753.5) * Transform::rotation(1.7) * Transform::translation(-1239.5, -1753.5);
  for (int line = 0; line < 20; ++line) {
    testing::draw_box(page, at_mm(40, 30 + 6 * line), at_mm(180, 32 + 6 * line), kBlack, 1.7);
  }
  const Point one = turn.apply(at_mm(13, 108)), other = turn.apply(at_mm(13, 188));
  draw_disc(page, one, pixels(3), kBed);
  draw_disc(page, other, pixels(3), kBed);
  const CleanPage out = cleaned(page);
  ASSERT_NEAR(out.angle_deg, 1.7, 0.1);
  EXPECT_EQ(darkest_at(out, one, 4), 255);
  EXPECT_EQ(darkest_at(out, other, 4), 255);
}

TEST(PunchHoles, InABlankSheetLeaveItBlank) {
  Image page = testing::flat(kA4Pixels, kPaper);
  draw_disc(page, at_mm(12, 108), pixels(3), kBed);
  draw_disc(page, at_mm(12, 188), pixels(3), kBed);
  EXPECT_TRUE(cleaned(page).blank);
}

TEST(PunchHoles, InABlackAndWhiteScanBecomePaper) {
  Image page = sheet();
  draw_disc(page, at_mm(12, 108), pixels(3), kBed);
  draw_disc(page, at_mm(12, 188), pixels(3), kBed);
  Image fax(PixelFormat::bitonal, kA4Pixels, {300});
  for (std::int32_t y = 0; y < kA4Pixels.height; ++y) {
    for (std::int32_t x = 0; x < kA4Pixels.width; ++x) {
      fax.row(y)[x / 8] |= static_cast<std::uint8_t>(testing::pixel(page, x, y).g < 128 ? 0x80 >> x % 8 : 0);
    }
  }
  const CleanPage out = cleaned(fax, {.keep_geometry = true});
  const auto x = static_cast<std::int32_t>(pixels(12)), y = static_cast<std::int32_t>(pixels(108));
  EXPECT_EQ(out.image.row(y)[x / 8], 0);
  EXPECT_NE(out.image.row(static_cast<std::int32_t>(pixels(103)))[static_cast<std::int32_t>(pixels(39)) / 8], 0);
}

/// Round things that are no holes, each with another like it at a punch's distance.
struct RoundThing {
  const char* name;
  double x_mm, apart_mm, radius_mm, inner_mm;
  testing::Rgb colour;
};
void PrintTo(const RoundThing& thing, std::ostream* out) { *out << thing.name; }

class RoundThings : public ::testing::TestWithParam<RoundThing> {};

TEST_P(RoundThings, Stay) {
  const RoundThing& thing = GetParam();
  Image page = sheet();
  const std::array<Point, 2> places{at_mm(thing.x_mm, 108), at_mm(thing.x_mm, 108 + thing.apart_mm)};
  for (const Point& place : places) {
    draw_disc(page, place, pixels(thing.radius_mm), thing.colour, thing.inner_mm > 0 ? pixels(thing.inner_mm) : -1);
  }
  const CleanPage out = cleaned(page);
  for (const Point& place : places) {
    const Point stroke{place.x + pixels((thing.radius_mm + thing.inner_mm) / 2), place.y};
    EXPECT_LT(darkest_at(out, stroke, 0.1), 130);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, RoundThings,
                         ::testing::Values(RoundThing{"a bullet of a list", 12, 80, 0.9, 0, kBlack},
                                           RoundThing{"a letter o", 12, 80, 1.4, 1, kBlack},
                                           RoundThing{"a large ring to tick", 12, 80, 3, 2.4, kBlack},
                                           RoundThing{"a disc at another distance", 12, 60, 3, 0, kBlack},
                                           RoundThing{"a disc in the middle of the sheet", 27, 80, 1.9, 0, kBlack},
                                           RoundThing{"a seal", 19, 80, 17, 15.5, {200, 40, 50}},
                                           RoundThing{"a stamp's solid star", 17, 80, 5, 0, {200, 40, 50}}),
                         [](const auto& suite) { return "Number" + std::to_string(suite.index); });

TEST(PunchHoles, ASingleDiscMayBeAnythingAndStays) {
  Image page = sheet();
  draw_disc(page, at_mm(12, 108), pixels(3), kBlack);
  EXPECT_LT(darkest_at(cleaned(page), at_mm(12, 108), 1), 90);
}

TEST(Dust, FarFromEverythingGoes) {
  Image page = sheet();
  const std::array<Point, 5> specks{at_mm(15.2, 70), at_mm(15.2, 133.3), at_mm(100, 284.4), at_mm(21.7, 211),
                                    at_mm(60.3, 17)};
  for (std::size_t i = 0; i < specks.size(); ++i) {
    draw_disc(page, specks[i], i % 2 == 0 ? 1.6 : 2.4, kBlack);
  }
  const CleanPage out = cleaned(page);
  for (const Point& speck : specks) {
    EXPECT_EQ(darkest_at(out, speck, 1), 255) << speck.x << ' ' << speck.y;
  }
}

TEST(Dust, IsNoDotOfALetterNorAFullStopNorAPensOrPencilsDot) {
  Image page = sheet();
  fill(page, at_mm(40, 281), at_mm(40.3, 283), kBlack);        // an i ..
  draw_disc(page, at_mm(40.15, 280.3), pixels(0.18), kBlack);  // .. and its dot
  draw_disc(page, at_mm(60.15, 284.0), pixels(0.18), kBlack);  // a dot below a letter
  fill(page, at_mm(59.5, 281), at_mm(60.8, 283), kBlack);
  draw_disc(page, at_mm(82, 283), pixels(0.2), kBlack);  // a full stop
  fill(page, at_mm(79, 281), at_mm(81.3, 283), kBlack);
  draw_disc(page, at_mm(110, 284), pixels(0.2), {40, 60, 170});    // blue ink
  draw_disc(page, at_mm(130, 284), pixels(0.2), {150, 148, 142});  // pencil
  draw_disc(page, at_mm(150, 284), pixels(0.45), kBlack);          // a bullet, alone
  const CleanPage out = cleaned(page);
  for (const Point& dot :
       {at_mm(40.15, 280.3), at_mm(60.15, 284.0), at_mm(82, 283), at_mm(110, 284), at_mm(130, 284), at_mm(150, 284)}) {
    EXPECT_LT(darkest_at(out, dot, 0.1), 200) << dot.x;
  }
}

TEST(Dust, IsNoDottedLineHoweverWideItsDotsStand) {
  for (const double apart : {0.7, 1.5, 2.9, 5.0}) {
    Image page = sheet();
    for (double x = 40; x < 150; x += apart) {
      draw_disc(page, at_mm(x, 283), 1.7, kBlack);
    }
    const CleanPage out = cleaned(page);
    for (double x = 40; x < 150; x += apart) {
      EXPECT_LT(darkest_at(out, at_mm(x, 283), 0.1), 170) << apart << ' ' << x;
    }
  }
}

TEST(BandsOfTheBed, AreTakenAwayAndPrintThatTouchesThemStays) {
  Image page = sheet();
  for (std::int32_t y = 0; y < kA4Pixels.height; ++y) {  // a wedge at the left, a bar above
    const double width = y < 30 ? 2480 : 34.0 - 26.0 * y / kA4Pixels.height;
    for (std::int32_t x = 0; x < width; ++x) {
      std::uint8_t* pixel = page.row(y) + 3 * static_cast<std::ptrdiff_t>(x);
      pixel[0] = pixel[1] = pixel[2] = 40;
    }
  }
  fill(page, at_mm(0, 150), at_mm(9, 150.6), kBlack);  // a rule that runs off the sheet
  const CleanPage out = cleaned(page, {.keep_geometry = true});
  for (const double y : {20.0, 100.0, 145.0, 250.0}) {
    EXPECT_EQ(darkest_at(out, at_mm(2, y), 2.5), 255) << y;
  }
  EXPECT_EQ(darkest_at(out, at_mm(150, 1.5), 2), 255);
  EXPECT_LT(darkest_at(out, at_mm(6, 150.3), 0.2), 90);
}

TEST(BandsOfTheBed, AreNoPrintAtTheEdge) {
  Image page = sheet();
  fill(page, at_mm(0, 60), at_mm(4, 90), {200, 40, 50});    // a coloured tab
  fill(page, at_mm(0, 120), at_mm(18, 160), {90, 90, 90});  // a photo cut by the edge
  for (int i = 0; i < 6; ++i) {                             // letters cut by the edge
    fill(page, at_mm(0, 200 + 5 * i), at_mm(2, 203 + 5 * i), kBlack);
  }
  fill(page, at_mm(2, 240), at_mm(2.5, 290), kBlack);  // a rule along the edge
  const CleanPage out = cleaned(page, {.keep_geometry = true});
  EXPECT_LT(darkest_at(out, at_mm(2, 75), 0.2), 130);
  EXPECT_LT(darkest_at(out, at_mm(2, 140), 0.2), 130);
  EXPECT_LT(darkest_at(out, at_mm(1, 206.5), 0.2), 130);
  EXPECT_LT(darkest_at(out, at_mm(2.25, 265), 0.1), 130);
}

/// Darkens the page by a fold along the height `y_mm`: a valley of this depth and width.
void fold(Image& page, double y_mm, double depth, double width_mm) {
  for (std::int32_t y = 0; y < page.size().height; ++y) {
    const double away = (y - pixels(y_mm)) / pixels(width_mm);
    const double gain = 1 - depth * std::exp(-away * away);
    for (std::int32_t i = 0; i < 3 * page.size().width; ++i) {
      page.row(y)[i] = static_cast<std::uint8_t>(std::lround(page.row(y)[i] * gain));
    }
  }
}

TEST(Folds, AreEvenedOutAndAPencilLineStays) {
  for (const double width : {0.5, 2.0}) {
    Image page = sheet();
    fill(page, at_mm(35, 278), at_mm(150, 278.4), {150, 147, 140});  // pencil
    fold(page, 281.5, 0.3, width);
    fold(page, 98.9, 0.3, width);  // across words
    const CleanPage out = cleaned(page);
    EXPECT_GE(darkest_at(out, at_mm(100, 281.5), 1.5), 225) << width;
    EXPECT_GE(darkest_at(out, at_mm(12, 98.9), 2), 225) << width;
    EXPECT_LT(darkest_at(out, at_mm(100, 278.2), 0.1), 205) << width;
    EXPECT_LT(darkest_at(out, at_mm(38, 97.1), 0.3), 110) << width;  // a word in the fold
  }
}

}  // namespace
}  // namespace quay::imaging
