// SPDX-License-Identifier: Apache-2.0
#include "imaging/codec/jpeg.hpp"

#include <gtest/gtest.h>

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
