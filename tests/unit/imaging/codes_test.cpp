// SPDX-License-Identifier: Apache-2.0
#include "imaging/recognise/codes.hpp"

#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "imaging/codec/decode.hpp"
#include "imaging/codec/jpeg.hpp"
#include "imaging/cpu_clock.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/recognise/candidates.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

/// As on the citizen ID card: number | old number | name | birth | sex | address | issued. Made up.
const std::string kSeven =
    "001099123456|012345678|NGUYỄN THỊ ÁNH TUYẾT|05071999|Nữ|Số 12, ngõ 34, phố Trần Quốc Toản, phường Cửa Nam, quận "
    "Hoàn Kiếm, Hà Nội|10052021";
/// As on the card of 2024: no old number, more fields behind.
const std::string kMore =
    "001099123456||NGUYỄN THỊ ÁNH TUYẾT|05071999|Nữ|Số 12, ngõ 34, phố Trần Quốc Toản, phường Cửa Nam, quận Hoàn Kiếm, "
    "thành phố Hà Nội|10052025|NGUYỄN VĂN BÌNH|TRẦN THỊ HƯƠNG|012345678";

ZXing::BitMatrix modules_of(const std::string& text, ZXing::BarcodeFormat format = ZXing::BarcodeFormat::QRCode) {
  ZXing::MultiFormatWriter writer(format);
  writer.setEncoding(ZXing::CharacterSet::UTF8).setMargin(0).setEccLevel(3);
  return writer.encode(text, 1, 1);
}

/// How a code lies on its card and how the scanner saw it.
struct Scan {
  double side_mm = 11;
  double dpi = 400;
  double degrees = 0;
  double shift = 0;  ///< pixels, so that modules meet pixels differently
  unsigned seed = 1;
};

struct Card {
  Image image;
  Quad truth{};
};

/// A card face with guilloche ground and the code at its right: sampled 4 x 4 in each pixel (its optical blur), with
/// noise, through JPEG at quality 80.
Card scan_card(const ZXing::BitMatrix& code, const Scan& scan) {
  const double pixels_a_mm = scan.dpi / kMillimetresPerInch;
  const PixelSize size{static_cast<std::int32_t>(85.6 * pixels_a_mm), static_cast<std::int32_t>(54 * pixels_a_mm)};
  Image image(PixelFormat::rgb, size, {scan.dpi});
  std::mt19937 random(scan.seed);
  std::normal_distribution<double> noise(0, 4);
  const Point centre{66 * pixels_a_mm + scan.shift, 20 * pixels_a_mm + scan.shift / 2};
  const Transform upright = Transform::rotation(-scan.degrees) * Transform::translation(-centre.x, -centre.y);
  const double module = scan.side_mm * pixels_a_mm / code.width();
  const double half = scan.side_mm * pixels_a_mm / 2;
  const double quiet = half + 3 * module;
  const auto ink_at = [&](double x, double y) {
    const Point p = upright.apply({x, y});
    const auto mx = static_cast<int>(std::floor((p.x + half) / module));
    const auto my = static_cast<int>(std::floor((p.y + half) / module));
    return mx >= 0 && my >= 0 && mx < code.width() && my < code.height() && code.get(mx, my);
  };
  for (std::int32_t y = 0; y < size.height; ++y) {
    for (std::int32_t x = 0; x < size.width; ++x) {
      const Point p = upright.apply({static_cast<double>(x), static_cast<double>(y)});
      const bool on_code = std::abs(p.x) < quiet && std::abs(p.y) < quiet;
      double ink = 0;
      for (int i = 0; on_code && i < 25; ++i) {  // a pixel sees 1.3 pixels
        ink += ink_at(x + (i % 5 - 2) * 0.26, y + (i / 5 - 2) * 0.26) ? 1.0 / 25 : 0;
      }
      const double waves = on_code ? 0 : 18 * std::sin(x * 0.31 + 6 * std::sin(y * 0.05)) * std::sin(y * 0.27);
      const double grain = noise(random);
      const double paper[3] = {232 + waves, 238 + waves, 226 + waves};
      for (int c = 0; c < 3; ++c) {
        const double value = paper[c] * (1 - ink) + 45 * ink + grain;
        image.row(y)[3 * x + c] = static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
      }
    }
  }
  const Image seen = *decode(*encode_jpeg(image.view(), {.quality = 80, .chroma_full = true}), 0);
  Card card{seen, {}};
  card.image.set_dpi({scan.dpi});
  const Transform back = inverse(upright);
  card.truth = {back.apply({-half, -half}), back.apply({half, -half}), back.apply({half, half}),
                back.apply({-half, half})};
  return card;
}

std::string said(const Code& code) { return {code.bytes.begin(), code.bytes.end()}; }

TEST(Codes, TheDenseCodeOfTheIdCardIsReadFromEveryScanAtFourHundredDpi) {
  const ZXing::BitMatrix codes[] = {modules_of(kSeven), modules_of(kMore)};
  ASSERT_EQ(codes[0].width(), 53);
  ASSERT_EQ(codes[1].width(), 61);
  const char* more = std::getenv("QUAY_TEST_CARDS");  // 300 before a release; they take a minute
  const int count = more == nullptr ? 12 : std::atoi(more);
  double cpu_ms = 0;
  int second = 0;
  for (int i = 0; i < count; ++i) {
    const Scan scan{11, 400, -3 + 6.0 * i / (count - 1), 0.37 * i, static_cast<unsigned>(i)};
    const Card card = scan_card(codes[i % 2], scan);
    const double began = thread_cpu_ms();
    const std::vector<Code> found = read_codes(card.image.view());
    cpu_ms += thread_cpu_ms() - began;
    ASSERT_EQ(found.size(), 1U) << i;
    EXPECT_EQ(said(found[0]), i % 2 == 0 ? kSeven : kMore) << i;
    EXPECT_EQ(found[0].format, "QRCode");
    second += found[0].decoder == "zbar" ? 1 : 0;
  }
  RecordProperty("cpu_ms_a_card", std::to_string(cpu_ms / count));
  std::printf("%d cards, %d read by zbar, %.1f ms CPU a card\n", count, second, cpu_ms / count);
}

TEST(Codes, ACodeIsFoundWhereItLies) {
  const Card card = scan_card(modules_of(kSeven), {18, 300, 2, 0, 5});
  const std::vector<Code> found = read_codes(card.image.view());
  ASSERT_EQ(found.size(), 1U);
  const double slack = found[0].decoder == "zxing" ? 6 : 14;
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(found[0].quad_px[i].x, card.truth[i].x, slack) << i;
    EXPECT_NEAR(found[0].quad_px[i].y, card.truth[i].y, slack) << i;
  }
}

TEST(Codes, LargeCodesAndLinearOnesAreReadToo) {
  for (const double side : {18.0, 30.0, 40.0}) {
    const Card card = scan_card(modules_of("H26-241126-0001"), {side, 300, 1, 0, 3});
    const std::vector<Code> found = read_codes(card.image.view());
    ASSERT_EQ(found.size(), 1U) << side;
    EXPECT_EQ(said(found[0]), "H26-241126-0001");
  }
}

/// `code` stretched to `height` pixels, `module` pixels a module, on white.
Image linear_code(const ZXing::BitMatrix& code, std::int32_t module, std::int32_t height) {
  Image image = testing::flat({code.width() * module + 300, height + 300}, {250, 250, 250});
  for (std::int32_t x = 0; x < code.width(); ++x) {
    if (code.get(x, 0)) {
      const Point from{150.0 + x * module, 150};
      testing::draw_box(image, from, {from.x + module, 150.0 + height}, {20, 20, 20}, 0);
    }
  }
  return image;
}

TEST(Codes, TheBarcodeOfADossierIsReadLyingAndStanding) {
  const Image lying = linear_code(modules_of("H26-241126-0001", ZXing::BarcodeFormat::Code128), 4, 120);
  Image standing(PixelFormat::rgb, {lying.size().height, lying.size().width}, lying.dpi());
  for (std::int32_t y = 0; y < lying.size().height; ++y) {
    for (std::int32_t x = 0; x < lying.size().width; ++x) {
      std::copy_n(lying.row(y) + 3 * x, 3, standing.row(x) + 3 * y);
    }
  }
  for (const Image* image : {&lying, static_cast<const Image*>(&standing)}) {
    const std::vector<Code> found = read_codes(image->view());
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].format, "Code128");
    EXPECT_EQ(said(found[0]), "H26-241126-0001");
  }
}

TEST(Codes, TheSameBarcodeTwiceIsReadTwice) {
  const ZXing::BitMatrix code = modules_of("H26-241126-0001", ZXing::BarcodeFormat::Code128);
  const Image one = linear_code(code, 3, 100);
  Image two = testing::flat({one.size().width, 480}, {250, 250, 250});
  for (std::int32_t y = 0; y < 100; ++y) {
    std::copy_n(one.row(160), one.stride_bytes(), two.row(100 + y));
    std::copy_n(one.row(160), one.stride_bytes(), two.row(280 + y));
  }
  const std::vector<Code> found = read_codes(two.view());
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(said(found[0]), "H26-241126-0001");
  EXPECT_EQ(said(found[1]), "H26-241126-0001");
  EXPECT_GT(found[1].quad_px[0].y - found[0].quad_px[0].y, 100);
}

TEST(Codes, BytesThatAreNoTextComeThroughUnchanged) {
  const ZXing::BitMatrix code = modules_of(std::string("b\xC3\xA9\x01") + "x");
  const Card card = scan_card(code, {14, 300, 0, 0, 2});
  const std::vector<Code> found = read_codes(card.image.view());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].bytes, (std::vector<std::uint8_t>{'b', 0xC3, 0xA9, 0x01, 'x'}));
}

TEST(Codes, AnEmptyOrTinyPictureHasNone) {
  for (const PixelSize size : {PixelSize{1, 1}, PixelSize{17, 3}, PixelSize{400, 400}}) {
    EXPECT_TRUE(read_codes(testing::flat(size, {255, 255, 255}).view()).empty());
  }
}

TEST(Codes, ALetterWithASealNamesFewPlacesToDecode) {
  for (const char* name : {"s02_letter_skew.jpg", "s03_form_skew.jpg", "s06_cert.jpg"}) {
    const Image page = to_gray(decode(testing::corpus_file(name))->view());
    EXPECT_LE(code_candidates(page.view()).size(), 3U) << name;
  }
}

}  // namespace
}  // namespace quay::imaging
