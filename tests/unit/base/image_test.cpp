// SPDX-License-Identifier: Apache-2.0
#include "base/image.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace quay {
namespace {

ImageView view_of(const std::vector<std::uint8_t>& pixels, PixelSize size, std::size_t stride, PixelFormat format) {
  return ImageView{pixels, size, stride, format, Dpi{300}};
}

TEST(ImageTest, ARowOfEachFormatTakesItsBytesAndNoPadding) {
  EXPECT_EQ(packed_row_bytes(PixelFormat::bitonal, 1), 1U);
  EXPECT_EQ(packed_row_bytes(PixelFormat::bitonal, 8), 1U);
  EXPECT_EQ(packed_row_bytes(PixelFormat::bitonal, 9), 2U);
  EXPECT_EQ(packed_row_bytes(PixelFormat::gray, 9), 9U);
  EXPECT_EQ(packed_row_bytes(PixelFormat::rgb, 9), 27U);
  EXPECT_EQ(packed_row_bytes(PixelFormat::rgb, 0), 0U);
}

TEST(ImageTest, AViewIsConsistentWhenItsPixelsHoldWhatItPromises) {
  const std::vector<std::uint8_t> pixels(12);
  EXPECT_TRUE(view_of(pixels, {2, 2}, 6, PixelFormat::rgb).is_consistent());
  EXPECT_TRUE(view_of(pixels, {12, 1}, 12, PixelFormat::gray).is_consistent());
  EXPECT_TRUE(view_of(pixels, {96, 1}, 12, PixelFormat::bitonal).is_consistent());
}

TEST(ImageTest, TheLastRowMayLackItsPadding) {
  EXPECT_TRUE(view_of(std::vector<std::uint8_t>(8 + 6), {2, 2}, 8, PixelFormat::rgb).is_consistent());
  EXPECT_FALSE(view_of(std::vector<std::uint8_t>(8 + 5), {2, 2}, 8, PixelFormat::rgb).is_consistent());
}

TEST(ImageTest, AViewThatPromisesMoreThanItHoldsIsNotConsistent) {
  const std::vector<std::uint8_t> pixels(12);
  EXPECT_FALSE(view_of(pixels, {2, 3}, 6, PixelFormat::rgb).is_consistent());
  EXPECT_FALSE(view_of(pixels, {3, 2}, 6, PixelFormat::rgb).is_consistent()) << "the stride is shorter than a row";
  EXPECT_FALSE(view_of(pixels, {2, 2}, 0, PixelFormat::rgb).is_consistent());
  EXPECT_FALSE(view_of(pixels, {2, 2}, 100, PixelFormat::rgb).is_consistent());
  EXPECT_FALSE(view_of({}, {1, 1}, 3, PixelFormat::rgb).is_consistent());
}

TEST(ImageTest, SizesThatAreZeroNegativeOrHugeAreNotConsistent) {
  const std::vector<std::uint8_t> pixels(12);
  constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max();
  for (const PixelSize size : {PixelSize{0, 1}, PixelSize{1, 0}, PixelSize{-1, 1}, PixelSize{1, -1},
                               PixelSize{1, kMost}, PixelSize{kMost, 1}, PixelSize{kMost, kMost}}) {
    EXPECT_FALSE(view_of(pixels, size, 6, PixelFormat::rgb).is_consistent()) << size.width << "x" << size.height;
  }
  constexpr std::size_t kHugeStride = std::numeric_limits<std::size_t>::max();
  EXPECT_FALSE(view_of(pixels, {1, kMost}, kHugeStride, PixelFormat::gray).is_consistent());
}

TEST(ImageTest, AnImageOwnsPackedZeroedRows) {
  Image image(PixelFormat::rgb, {3, 2}, Dpi{200});
  EXPECT_EQ(image.stride_bytes(), 9U);
  EXPECT_EQ(image.pixels().size(), 18U);
  EXPECT_EQ(image.pixels()[17], 0);
  image.row(1)[0] = 42;
  EXPECT_EQ(image.pixels()[9], 42);
  const ImageView view = image.view();
  EXPECT_TRUE(view.is_consistent());
  EXPECT_EQ(view.row(1)[0], 42);
  EXPECT_EQ(view.dpi, Dpi{200});
}

TEST(ImageTest, AnImageThatWasNeverMadeIsEmpty) {
  EXPECT_TRUE(Image().empty());
  EXPECT_FALSE(Image().view().is_consistent());
}

}  // namespace
}  // namespace quay
