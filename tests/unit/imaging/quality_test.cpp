// SPDX-License-Identifier: Apache-2.0
// Good pages and the same pages spoilt in one known way each: what must be said of them, and what must not.
#include "imaging/detect/quality.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "imaging/cleanup/perspective.hpp"
#include "imaging/cleanup/render.hpp"
#include "imaging/codec/decode.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/pipeline.hpp"
#include "protocol/client/quality_table.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

using Codes = std::set<std::string>;

/// What clean() says of a picture.
Codes said(const Image& picture, const CleanSettings& settings = {}) {
  Codes out;
  const auto page = clean(picture.view(), settings);
  EXPECT_TRUE(page);
  for (const QualityIssue& issue : page->quality) {
    out.insert(issue.code);
    EXPECT_LT(issue.box.left, issue.box.right) << issue.code;
    EXPECT_LE(issue.box.bottom, picture.size().height) << issue.code;
  }
  return out;
}

Image scan(const std::string& name) { return *decode(testing::corpus_file(name + ".jpg")); }

/// The scan as a camera sees it on a brown table.
Image photo(const Image& page, const Quad& quad) {
  Image out = testing::flat({1700, 2300}, {96, 72, 48}, {0});
  const Transform to_page = Transform::translation(-0.5, -0.5) *
                            Transform::scaling(page.size().width, page.size().height) * inverse(unit_square_to(quad));
  const Image seen = render(page.view(), {to_page, out.size(), {0}, nullptr});
  for (std::int32_t y = 0; y < out.size().height; ++y) {
    for (std::int32_t x = 0; x < out.size().width; ++x) {
      const Point p = to_page.apply({static_cast<double>(x), static_cast<double>(y)});
      if (p.x >= 0 && p.y >= 0 && p.x < page.size().width - 1 && p.y < page.size().height - 1) {
        std::copy_n(seen.row(y) + 3 * x, 3, out.row(y) + 3 * x);
      }
    }
  }
  return out;
}

constexpr Quad kNear{{{130, 160}, {1560, 120}, {1620, 2160}, {90, 2210}}};
constexpr Quad kFar{{{600, 700}, {1090, 690}, {1110, 1390}, {580, 1400}}};

/// Each channel of each pixel through `change(value, x, y)`.
template <class Change>
Image changed(Image image, Change change) {
  for (std::int32_t y = 0; y < image.size().height; ++y) {
    for (std::int32_t i = 0; i < 3 * image.size().width; ++i) {
      std::uint8_t& value = image.row(y)[i];
      value = static_cast<std::uint8_t>(std::clamp(change(static_cast<double>(value), i / 3, y), 0.0, 255.0));
    }
  }
  return image;
}

/// Out of focus: reduced by `factor` and drawn large again, twice.
Image blurred(const Image& image, std::int32_t factor) {
  Image out = image;
  for (int round = 0; round < 2; ++round) {
    const Image small = reduce(out.view(), factor);
    out = render(small.view(), {Transform::scaling(1.0 / factor, 1.0 / factor), image.size(), image.dpi(), nullptr});
  }
  return out;
}

Image dimmed(const Image& image, double share) {
  return changed(image, [share](double v, std::int32_t, std::int32_t) { return v * share; });
}

Image with_glare(const Image& image) {
  return changed(image, [](double v, std::int32_t x, std::int32_t y) {
    const double far = std::hypot(x - 900.0, y - 800.0) / 160;
    return v * 0.85 + 330 * std::exp(-far * far);
  });
}

/// The right part of a picture.
Image without_left(const Image& image, std::int32_t columns) {
  return render(
      image.view(),
      {Transform::translation(columns, 0), {image.size().width - columns, image.size().height}, image.dpi(), nullptr});
}

/// How often each page was judged right, over all faults.
struct Tally {
  int hits = 0, misses = 0, false_alarms = 0;
  void add(const Codes& found, const std::string& wanted) {
    const bool hit = wanted.empty() || found.contains(wanted);
    hits += !wanted.empty() && hit ? 1 : 0;
    misses += hit ? 0 : 1;
    false_alarms += static_cast<int>(found.size()) - (!wanted.empty() && hit ? 1 : 0);
    std::string all;
    for (const std::string& code : found) {
      all += code + " ";
    }
    EXPECT_TRUE(hit) << wanted << " was not among: " << all;
    EXPECT_EQ(static_cast<int>(found.size()), wanted.empty() ? 0 : 1) << "wanted: " << wanted << "; said: " << all;
  }
};

class SpoiltPage : public ::testing::TestWithParam<std::string> {};

TEST_P(SpoiltPage, IsToldFromAGoodOneByItsOwnFaultOnly) {
  const Image page = scan(GetParam());
  const Image near = photo(page, kNear);
  Tally tally;
  tally.add(said(page), "");
  tally.add(said(near), "");
  tally.add(said(dimmed(near, 0.75)), "");
  tally.add(said(blurred(near, 4)), "blur");
  tally.add(said(blurred(page, 5)), "blur");
  tally.add(said(with_glare(near)), "glare");
  tally.add(said(dimmed(near, 0.3)), "too-dark");
  tally.add(said(photo(page, kFar)), "too-small");
  tally.add(said(page, {.deskew = false}), "skew-left");
  EXPECT_EQ(tally.misses, 0);
  EXPECT_EQ(tally.false_alarms, 0);
}

INSTANTIATE_TEST_SUITE_P(Pages, SpoiltPage, ::testing::Values("s02_letter_skew", "s03_form_skew", "s06_cert"),
                         [](const auto& page) { return page.param; });

TEST(Quality, OfAPhotoOfASmallSheetIsNotLowBecauseTheSheetIsTakenForA4) {
  constexpr Quad kSheet{{{300, 400}, {1380, 380}, {1400, 1900}, {280, 1930}}};  // 130 dpi, were it A4
  const Image page = scan("s02_letter_skew");
  EXPECT_TRUE(said(photo(page, kSheet)).contains("low-dpi"));
  const PixelSize half{page.size().width / 2, page.size().height / 2};
  const Image quarter =  // a quarter of the page is a sheet of A5, its letters twice as large
      render(page.view(), {Transform::translation(half.width / 4.0, half.height / 2.0), half, page.dpi(), nullptr});
  EXPECT_FALSE(said(photo(quarter, kSheet)).contains("low-dpi"));
}

TEST(Quality, OfAScanThatCutsThroughTheLinesIsACutEdge) {
  EXPECT_TRUE(said(without_left(scan("s02_letter_skew"), 500)).contains("cut-edge"));
}

TEST(Quality, OfAScanAtAHundredDpiIsLow) {
  EXPECT_TRUE(said(reduce(scan("s02_letter_skew").view(), 3)).contains("low-dpi"));
}

/// Two columns that dust darkens by a tenth, over the whole height.
Image with_streak(Image image, std::int32_t left) {
  return changed(std::move(image),
                 [left](double v, std::int32_t x, std::int32_t) { return x >= left && x < left + 2 ? v * 0.88 : v; });
}

TEST(Quality, OfAScanThroughADustyFeederIsAStreakWhereTheDustIs) {
  for (const char* name : {"s02_letter_skew", "s03_form_skew", "s06_cert"}) {
    const Image scan_with_dust = with_streak(scan(name), 1003);
    const auto page = clean(scan_with_dust.view(), {});
    ASSERT_TRUE(page);
    ASSERT_EQ(page->quality.size(), 1U) << name;
    EXPECT_EQ(page->quality[0].code, "streak");
    EXPECT_NEAR(page->quality[0].box.left, 1003, 1);
    EXPECT_NEAR(page->quality[0].box.right, 1005, 1);
  }
}

TEST(Quality, OfARuledTableThatIsStraightHasNoStreak) {
  Image page = testing::page_with_lines({1240, 1754}, 0, {150});
  testing::draw_box(page, {400, 30}, {403, 1724}, {60, 60, 60}, 0);
  EXPECT_FALSE(said(page).contains("streak"));
}

TEST(Quality, OfABlankSheetIsGood) { EXPECT_TRUE(said(scan("s14_blank_bleed")).empty()); }

TEST(Quality, EveryCodeHasSentencesInBothLanguages) {
  for (const std::string_view code : quality_codes()) {
    const protocol::QualityRow& row = protocol::quality_row(code);
    EXPECT_EQ(row.code, code);
    EXPECT_FALSE(row.vi.empty() || row.en.empty());
  }
  EXPECT_EQ(quality_codes().size(), protocol::quality_table().size());
}

}  // namespace
}  // namespace quay::imaging
