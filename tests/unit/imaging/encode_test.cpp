// SPDX-License-Identifier: Apache-2.0
// Pages as files of every format and size, read back by programs that share no code with ours, and held against the
// rules of PDF/A-2b.
#include "imaging/encode.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "imaging/codec/decode.hpp"
#include "imaging/codec/picture_files.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/pipeline.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes file_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

int check_rules(const std::string& path) {
  return testing::run("/usr/bin/python3 " QUAY_TEST_SOURCE "/pdfa_rules.py " + path);
}

/// Text, a round red mark in two shades, a blue stroke and a photo.
Image dossier_page(PixelSize size = {1240, 1754}) {
  Image page = testing::page_with_lines(size, 0, {150});
  for (std::int32_t y = 0; y < 150; ++y) {
    for (std::int32_t x = 0; x < 150; ++x) {
      std::uint8_t* p = page.row(1500 + y) + 3 * (500 + x);
      const std::int32_t r2 = (x - 75) * (x - 75) + (y - 75) * (y - 75);
      if (r2 < 75 * 75 && r2 > 40 * 40) {
        p[0] = static_cast<std::uint8_t>(190 + (y > 75 ? 40 : 0));
        p[1] = p[2] = static_cast<std::uint8_t>(y > 75 ? 90 : 25);
      }
    }
  }
  testing::draw_box(page, {800, 1550}, {1000, 1556}, {30, 50, 180}, 0);
  std::mt19937 random(3);
  for (std::int32_t y = 60; y < 240; ++y) {
    for (std::int32_t x = 60; x < 200; ++x) {
      std::uint8_t* p = page.row(y) + 3 * x;
      p[0] = static_cast<std::uint8_t>(40 + y / 2 + static_cast<int>(random() % 30));
      p[1] = static_cast<std::uint8_t>(60 + x / 2);
      p[2] = static_cast<std::uint8_t>(120 - y / 4);
    }
  }
  return page;
}

CleanPage cleaned(const Image& picture, const Profile& profile) {
  auto page = clean(picture.view(), profile.clean);
  EXPECT_TRUE(page);
  return std::move(*page);
}

Profile named(std::string_view name, OutputFormat format = OutputFormat::pdf) {
  Profile profile = *profile_named(name);
  profile.format = format;
  return profile;
}

class PictureOfAnySize : public ::testing::TestWithParam<PixelSize> {};

TEST_P(PictureOfAnySize, BecomesAFileOfEveryFormatAndPdfsKeepTheRules) {
  std::mt19937 random(7);
  std::string pdfs;
  for (const PixelFormat format : {PixelFormat::bitonal, PixelFormat::gray, PixelFormat::rgb}) {
    Image picture(format, GetParam(), {150});
    for (std::uint8_t& byte : picture.pixels()) {
      byte = static_cast<std::uint8_t>(random() % 4 == 0 ? random() : 250);
    }
    for (const auto* name : {"hoso", "bitonal", "original"}) {
      const CleanPage page = cleaned(picture, named(name));
      const auto pdf = encode(page, named(name));
      ASSERT_TRUE(pdf);
      pdfs += ' ' + testing::temporary_file(pdf->bytes, std::to_string(pdfs.size()) + ".pdf");
      for (const OutputFormat other : {OutputFormat::jpeg, OutputFormat::webp, OutputFormat::png, OutputFormat::tiff}) {
        const auto file = encode(page, named(name, other));
        ASSERT_TRUE(file) << name;
        const auto back = decode(file->bytes);
        ASSERT_TRUE(back) << name;
        EXPECT_EQ(back->size(), page.image.size());
      }
    }
  }
  EXPECT_EQ(check_rules(pdfs), 0);
  testing::run("rm -f" + pdfs);
}

INSTANTIATE_TEST_SUITE_P(Sizes, PictureOfAnySize,
                         ::testing::Values(PixelSize{1, 1}, PixelSize{1, 300}, PixelSize{300, 1}, PixelSize{9, 15},
                                           PixelSize{63, 65}, PixelSize{401, 257}));

TEST(Encode, ALayeredPageKeepsTheRulesOfPdfA) {
  const CleanPage page = cleaned(dossier_page(), named("hoso"));
  const auto pdf = encode(page, named("hoso"));
  ASSERT_TRUE(pdf);
  EXPECT_GE(pdf->layers.size(), 3U);
  const std::string path = testing::temporary_file(pdf->bytes, "page.pdf");
  EXPECT_EQ(check_rules(path), 0);
  EXPECT_EQ(testing::run("qpdf --check " + path), 0);
}

TEST(Encode, TheRulesFindADocumentThatBreaksThem) {
  const CleanPage page = cleaned(dossier_page(), named("hoso"));
  const Bytes good = encode(page, named("hoso"))->bytes;
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"pdfaid:part=\"2\"", "pdfaid:part=\"3\""},
                                 {"/S/GTS_PDFA1", "/S/GTS_PDFX1"},
                                 {"/ImageMask true", "/Interpolate 1 "},
                                 {"/ID[<", "/IX[<"}}) {
    std::string text(good.begin(), good.end());
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    const std::string path = testing::temporary_file({text.begin(), text.end()}, "broken.pdf");
    EXPECT_NE(check_rules(path), 0) << from;
  }
}

TEST(Encode, ABitonalPageComesBackFromItsPdfPixelForPixel) {
  const Image picture = to_bitonal(to_gray(dossier_page().view()).view());
  const CleanPage page = cleaned(picture, named("original"));
  const auto pdf = encode(page, named("bitonal"));
  ASSERT_TRUE(pdf);
  const std::string path = testing::temporary_file(pdf->bytes, "b.pdf");
  ASSERT_EQ(testing::run("mutool draw -q -r 150 -A 0 -o " + path + ".png " + path), 0);
  const auto shown = decode(file_bytes(path + ".png"));
  ASSERT_TRUE(shown);
  ASSERT_EQ(shown->size(), page.image.size());
  int different = 0;
  for (std::int32_t y = 0; y < shown->size().height; ++y) {
    for (std::int32_t x = 0; x < shown->size().width; ++x) {
      const bool black = (page.image.row(y)[x / 8] >> (7 - x % 8) & 1) != 0;
      different += (testing::pixel(*shown, x, y).g < 128) != black ? 1 : 0;
    }
  }
  EXPECT_EQ(different, 0);
}

TEST(Encode, WhatIsShownIsWhatAnotherReaderPaints) {
  const CleanPage page = cleaned(dossier_page(), named("hoso"));
  Image shown;
  const auto pdf = encode_at(page, named("hoso"), full_detail(page, named("hoso")), &shown);
  ASSERT_TRUE(pdf);
  const std::string path = testing::temporary_file(pdf->bytes, "s.pdf");
  ASSERT_EQ(testing::run("mutool draw -q -c rgb -r 150 -o " + path + ".png " + path), 0);
  const auto painted = decode(file_bytes(path + ".png"));
  ASSERT_TRUE(painted);
  ASSERT_EQ(painted->size(), shown.size());
  double sum = 0;
  for (std::size_t i = 0; i < shown.pixels().size(); ++i) {
    sum += std::abs(shown.pixels()[i] - painted->pixels()[i]);
  }
  EXPECT_LT(sum / static_cast<double>(shown.pixels().size()), 1.0);
}

TEST(Encode, ASealKeepsBothItsShades) {
  const CleanPage page = cleaned(dossier_page(), named("hoso"));
  Image shown;
  ASSERT_TRUE(encode_at(page, named("hoso"), full_detail(page, named("hoso")), &shown));
  const auto at = [&](const Image& image, double x, double y) {
    const Point p = page.transform.apply({x, y});
    return testing::pixel(image, static_cast<std::int32_t>(p.x), static_cast<std::int32_t>(p.y));
  };
  for (const double y : {1517.0, 1633.0}) {
    const auto was = at(page.image, 575, y), is = at(shown, 575, y);
    EXPECT_NEAR(was.r, is.r, 24);
    EXPECT_NEAR(was.g, is.g, 24);
    EXPECT_NEAR(was.b, is.b, 24);
  }
}

TEST(Encode, SeveralTiffsAreBoundIntoOneOfThatManyPages) {
  const CleanPage page = cleaned(dossier_page(), named("hoso"));
  const auto tiff = encode(page, named("hoso", OutputFormat::tiff));
  ASSERT_TRUE(tiff);
  const std::vector<BoundPage> three(3, BoundPage{tiff->bytes});
  const auto bound = assemble(three);
  ASSERT_TRUE(bound);
  EXPECT_EQ(count_pages(*bound), 3);
  const auto alone = decode(tiff->bytes), last = decode(*bound, 2);
  ASSERT_TRUE(alone && last);
  EXPECT_TRUE(std::equal(alone->pixels().begin(), alone->pixels().end(), last->pixels().begin(), last->pixels().end()));
  EXPECT_DOUBLE_EQ(last->dpi().value, 150);
}

TEST(Encode, APictureFileKnowsItsResolution) {
  const CleanPage page = cleaned(dossier_page(), named("hoso"));
  for (const OutputFormat format : {OutputFormat::jpeg, OutputFormat::png, OutputFormat::tiff}) {
    EXPECT_NEAR(decode(encode(page, named("hoso", format))->bytes)->dpi().value, 150, 0.5);
  }
}

TEST(Encode, APngIsThePageExactly) {
  const CleanPage page = cleaned(dossier_page(), named("hoso"));
  const auto back = decode(encode(page, named("hoso", OutputFormat::png))->bytes);
  ASSERT_TRUE(back);
  EXPECT_TRUE(
      std::equal(back->pixels().begin(), back->pixels().end(), page.image.pixels().begin(), page.image.pixels().end()));
}

TEST(Encode, AWrongResolutionStillMakesAPageThatPdfAAllows) {
  Image picture = testing::page_with_lines({5000, 900}, 0, {10});
  const CleanPage page = cleaned(picture, named("original"));
  const std::string path = testing::temporary_file(encode(page, named("original"))->bytes, "w.pdf");
  EXPECT_EQ(check_rules(path), 0);
}

TEST(Webp, CutOffAnywhereIsRefused) {
  const auto whole = encode_webp(testing::page_with_lines({200, 150}, 0).view(), 50);
  ASSERT_TRUE(whole);
  for (std::size_t size = 0; size + 8 < whole->size(); size += 37) {
    EXPECT_FALSE(decode(std::span(*whole).first(size))) << size;
  }
}

}  // namespace
}  // namespace quay::imaging
