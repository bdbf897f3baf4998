// SPDX-License-Identifier: Apache-2.0
#include "imaging/codec/jpeg.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <jpeglib.h>

#include "imaging/pipeline.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

TEST(Jpeg, IsTheSameBytesEachTime) {
  const Image page = testing::page_with_lines({300, 400}, 1);
  EXPECT_EQ(*encode_jpeg(page.view(), {}), *encode_jpeg(page.view(), {}));
}

TEST(Jpeg, OfBitonalPixelsIsRefused) {
  const Image image(PixelFormat::bitonal, {8, 8}, {});
  const auto bytes = encode_jpeg(image.view(), {});
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code, Errc::image_unsupported);
}

TEST(Jpeg, OfAViewThatLiesAboutItsRowsIsRefused) {
  const Image image(PixelFormat::gray, {8, 8}, {});
  ImageView view = image.view();
  view.size.height = 9;
  EXPECT_FALSE(encode_jpeg(view, {}));
}

TEST(Jpeg, KeepsSharpColourWhenChromaIsFull) {
  Image image = testing::flat({64, 64}, {255, 255, 255});
  testing::draw_box(image, {20, 0}, {21, 64}, {220, 20, 30}, 0);
  const auto sharp = decode_jpeg(*encode_jpeg(image.view(), {.quality = 90, .chroma_full = true}));
  const auto soft = decode_jpeg(*encode_jpeg(image.view(), {.quality = 90}));
  ASSERT_TRUE(sharp && soft);
  const auto redness = [](const Image& i) { return testing::pixel(i, 20, 32).r - testing::pixel(i, 20, 32).g; };
  EXPECT_GT(redness(*sharp), redness(*soft));
}

/// A picture of one colour in four inks, as libjpeg stores it with or without Adobe's marker, which means inverted.
std::vector<std::uint8_t> four_inks(std::array<std::uint8_t, 4> inks, bool adobe, J_COLOR_SPACE stored) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* file = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &file, &size);
  jpeg.image_width = jpeg.image_height = 16;
  jpeg.input_components = 4;
  jpeg.in_color_space = JCS_CMYK;
  jpeg_set_defaults(&jpeg);
  jpeg_set_colorspace(&jpeg, stored);
  jpeg_set_quality(&jpeg, 100, TRUE);
  jpeg.write_Adobe_marker = adobe ? TRUE : FALSE;
  jpeg_start_compress(&jpeg, TRUE);
  std::array<std::uint8_t, 64> row{};
  for (std::size_t i = 0; i < row.size(); ++i) {
    row[i] = inks[i % 4];
  }
  for (int y = 0; y < 16; ++y) {
    JSAMPROW line = row.data();
    jpeg_write_scanlines(&jpeg, &line, 1);
  }
  jpeg_finish_compress(&jpeg);
  std::vector<std::uint8_t> bytes(file, file + size);
  jpeg_destroy_compress(&jpeg);
  std::free(file);
  return bytes;
}

TEST(Jpeg, InFourInksBecomesTheColourThatTheyPrint) {
  struct Case {
    std::vector<std::uint8_t> file;
    testing::Rgb colour;
  };
  const std::vector<Case> cases{
      {four_inks({255, 0, 0, 255}, true, JCS_CMYK), {255, 0, 0}},          // Adobe: magenta and yellow in full
      {four_inks({255, 0, 0, 255}, true, JCS_YCCK), {255, 0, 0}},          // the same by way of YCCK
      {four_inks({0, 255, 255, 0}, false, JCS_CMYK), {255, 0, 0}},         // without the marker: as it stands
      {four_inks({255, 255, 255, 102}, true, JCS_CMYK), {102, 102, 102}},  // black ink alone
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto image = decode_jpeg(cases[i].file);
    ASSERT_TRUE(image) << i;
    EXPECT_EQ(image->format(), PixelFormat::rgb);
    EXPECT_EQ(image->size(), (PixelSize{16, 16}));
    const auto seen = testing::pixel(*image, 8, 8);
    EXPECT_NEAR(seen.r, cases[i].colour.r, 4) << i;
    EXPECT_NEAR(seen.g, cases[i].colour.g, 4) << i;
    EXPECT_NEAR(seen.b, cases[i].colour.b, 4) << i;
  }
}

TEST(Preview, FitsFortyKilobytesAndItsLongestSide) {
  const auto page = decode_jpeg(testing::corpus_file("s03_form_skew.jpg"));
  ASSERT_TRUE(page);
  const auto preview = make_preview(page->view());
  ASSERT_TRUE(preview);
  EXPECT_LE(preview->bytes.size(), kPreviewBytes);
  EXPECT_LE(preview->size.height, 900);
  const auto shown = decode_jpeg(preview->bytes);
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->size(), preview->size);
}

TEST(Preview, OfNoiseStillFits) {
  Image noise(PixelFormat::rgb, {2000, 2000}, {300});
  unsigned seed = 1;
  for (std::uint8_t& byte : noise.pixels()) {
    seed = seed * 1664525U + 1013904223U;
    byte = static_cast<std::uint8_t>(seed >> 24);
  }
  const auto preview = make_preview(noise.view(), 2000);
  ASSERT_TRUE(preview);
  EXPECT_LE(preview->bytes.size(), kPreviewBytes);
}

}  // namespace
}  // namespace quay::imaging
