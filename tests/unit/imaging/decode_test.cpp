// SPDX-License-Identifier: Apache-2.0
#include "imaging/codec/decode.hpp"

#include <gtest/gtest.h>
#include <leptonica/allheaders.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "imaging/codec/jpeg.hpp"
#include "imaging/page.hpp"
#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A w x h picture as PNG or TIFF, written by Leptonica.
Bytes written_by_leptonica(int width, int height, int depth, int format) {
  Pix* pix = pixCreate(width, height, depth);
  pixSetResolution(pix, 200, 200);
  depth == 32 ? pixSetAllArbitrary(pix, 0xff800000) : pixClearAll(pix);
  pixSetPixel(pix, 0, 0, depth == 32 ? 0x10203000 : 1);
  l_uint8* data = nullptr;
  std::size_t size = 0;
  EXPECT_EQ(pixWriteMem(&data, &size, pix, format), 0);
  Bytes bytes(data, data + size);
  std::free(data);
  pixDestroy(&pix);
  return bytes;
}

Bytes jpeg_of(PixelSize size) { return *encode_jpeg(testing::flat(size, {200, 30, 40}).view(), {.quality = 90}); }

/// The Exif APP1 segment with one orientation entry, in little-endian order.
Bytes exif_segment(std::uint8_t orientation) {
  return {0xFF, 0xE1, 0,    34,   'E', 'x', 'i', 'f', 0, 0, 'I',         'I', 42, 0, 8, 0, 0, 0,
          1,    0,    0x12, 0x01, 3,   0,   1,   0,   0, 0, orientation, 0,   0,  0, 0, 0, 0, 0};
}

TEST(Decode, GivesJpegPixelsAndDensity) {
  const auto image = decode(jpeg_of({33, 17}));
  ASSERT_TRUE(image);
  EXPECT_EQ(image->size(), (PixelSize{33, 17}));
  EXPECT_EQ(image->format(), PixelFormat::rgb);
  EXPECT_DOUBLE_EQ(image->dpi().value, 300);
  EXPECT_NEAR(testing::pixel(*image, 20, 10).r, 200, 6);
}

TEST(Decode, ReadsBitonalPngWithBlackAsOne) {
  const auto image = decode(written_by_leptonica(13, 5, 1, IFF_PNG));
  ASSERT_TRUE(image);
  EXPECT_EQ(image->format(), PixelFormat::bitonal);
  EXPECT_EQ(image->row(0)[0], 0x80);
  EXPECT_NEAR(image->dpi().value, 200, 1);
}

TEST(Decode, ReadsColourPngAndTiff) {
  for (const int format : {IFF_PNG, IFF_TIFF_LZW}) {
    const auto image = decode(written_by_leptonica(7, 3, 32, format));
    ASSERT_TRUE(image);
    EXPECT_EQ(image->format(), PixelFormat::rgb);
    EXPECT_EQ(testing::pixel(*image, 0, 0).g, 0x20);
    EXPECT_EQ(testing::pixel(*image, 6, 2).r, 0xff);
  }
}

TEST(Decode, CountsOnePageInAPictureAndNoneInText) {
  EXPECT_EQ(count_pages(written_by_leptonica(4, 4, 8, IFF_TIFF_LZW)), 1);
  EXPECT_EQ(count_pages(jpeg_of({8, 8})), 1);
  EXPECT_EQ(count_pages(Bytes{'t', 'e', 'x', 't'}), 0);
}

TEST(Decode, RefusesWhatIsNoPicture) {
  for (const Bytes& bytes : {Bytes{}, Bytes{0}, Bytes{'%', 'P', 'D', 'F', '-', '1'}}) {
    const auto image = decode(bytes);
    ASSERT_FALSE(image);
    EXPECT_EQ(image.error().code, Errc::image_unsupported);
  }
}

TEST(Decode, RefusesAJpegThatIsCutOffAnywhere) {
  const Bytes whole = jpeg_of({64, 64});
  for (std::size_t size = 3; size + 2 < whole.size(); size += 7) {
    const auto image = decode(std::span(whole).first(size));
    ASSERT_FALSE(image) << size << " of " << whole.size();
    EXPECT_EQ(image.error().code, Errc::image_unreadable);
  }
}

TEST(Decode, RefusesACutOffPngAndTiff) {
  for (const int format : {IFF_PNG, IFF_TIFF_LZW}) {
    const Bytes whole = written_by_leptonica(200, 200, 8, format);
    const auto image = decode(std::span(whole).first(whole.size() / 3));
    ASSERT_FALSE(image);
    EXPECT_EQ(image.error().code, Errc::image_unreadable);
  }
}

TEST(Decode, RefusesABombBeforeTakingMemory) {
  Bytes bomb = jpeg_of({16, 16});
  for (std::size_t i = 0; i + 8 < bomb.size(); ++i) {
    if (bomb[i] == 0xFF && bomb[i + 1] == 0xC0) {  // SOF0: height and width
      bomb[i + 5] = bomb[i + 6] = bomb[i + 7] = bomb[i + 8] = 0x7F;
    }
  }
  const auto image = decode(bomb);
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, Errc::image_too_large);
}

TEST(Decode, SurvivesEveryFlippedByteOfASmallJpeg) {
  const Bytes whole = jpeg_of({24, 24});
  int refused = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    Bytes broken = whole;
    broken[i] = static_cast<std::uint8_t>(broken[i] ^ 0xFF);
    refused += decode(broken) ? 0 : 1;
  }
  EXPECT_GT(refused, 10);
}

TEST(Decode, TurnsAPictureAsExifSays) {
  // Left half red, right half blue, 16 x 8.
  Image image = testing::flat({16, 8}, {200, 0, 0});
  testing::draw_box(image, {7.5, -5}, {30, 30}, {0, 0, 200}, 0);
  const Bytes plain = *encode_jpeg(image.view(), {.quality = 95, .chroma_full = true});
  Bytes turned(plain.begin(), plain.begin() + 2);
  const Bytes exif = exif_segment(6);  // the picture's top is the scene's right: turn clockwise
  turned.insert(turned.end(), exif.begin(), exif.end());
  turned.insert(turned.end(), plain.begin() + 2, plain.end());
  const auto upright = decode(turned);
  ASSERT_TRUE(upright);
  EXPECT_EQ(upright->size(), (PixelSize{8, 16}));
  EXPECT_GT(testing::pixel(*upright, 4, 2).r, 150);
  EXPECT_GT(testing::pixel(*upright, 4, 13).b, 150);
}

TEST(Exif, OutsideItsBlockReadsAsNothing) {
  const Bytes lying{'I', 'I', 42, 0, 0xFF, 0xFF, 0xFF, 0x7F};
  EXPECT_EQ(read_exif(lying).orientation, 1);
  EXPECT_EQ(read_exif({}).orientation, 1);
}

TEST(Exif, EveryOrientationPutsTheSceneUpright) {
  // The scene "abc / def" as a camera stores it under each orientation (Exif 2.3 table 6).
  const std::vector<std::vector<std::string>> stored{{"abc", "def"},     {"cba", "fed"},     {"fed", "cba"},
                                                     {"def", "abc"},     {"ad", "be", "cf"}, {"cf", "be", "ad"},
                                                     {"fc", "eb", "da"}, {"da", "eb", "fc"}};
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const auto& rows = stored[i];
    Image image(PixelFormat::gray, {static_cast<int>(rows[0].size()), static_cast<int>(rows.size())}, {});
    for (std::size_t y = 0; y < rows.size(); ++y) {
      std::copy(rows[y].begin(), rows[y].end(), image.row(static_cast<int>(y)));
    }
    const Image upright = turn_upright(image, static_cast<int>(i) + 1);
    EXPECT_EQ(std::string(upright.pixels().begin(), upright.pixels().end()), "abcdef") << "orientation " << i + 1;
  }
}

}  // namespace
}  // namespace quay::imaging
