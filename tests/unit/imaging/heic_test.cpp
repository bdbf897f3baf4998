// SPDX-License-Identifier: Apache-2.0
// Pictures of phones: turned once, never half, never larger than can be held.
#include "imaging/codec/heic.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "imaging/codec/decode.hpp"
#include "imaging/codec/jpeg.hpp"
#include "tests/rig/pictures/heic.hpp"

namespace quay::imaging {
namespace {

using rig::Bytes;
using rig::HeicOptions;

/// Four colours, so that no turn or flip looks like another.
Image four_fields(PixelSize size) {
  constexpr std::uint8_t kColours[4][3] = {{220, 30, 30}, {30, 200, 30}, {30, 30, 220}, {240, 240, 240}};
  Image image(PixelFormat::rgb, size, {});
  for (std::int32_t y = 0; y < size.height; ++y) {
    for (std::int32_t x = 0; x < size.width; ++x) {
      const auto& colour = kColours[(y < size.height / 2 ? 0 : 2) + (x < size.width / 2 ? 0 : 1)];
      std::copy(std::begin(colour), std::end(colour), image.row(y) + 3 * static_cast<std::size_t>(x));
    }
  }
  return image;
}

Bytes heic_of(const Image& image, int orientation = 1) {
  return rig::encode_heic(image.view(), {.quality = 90, .orientation = orientation}).value();
}

/// The largest difference in the middles of the four fields.
int difference(const Image& one, const Image& other) {
  int most = 0;
  for (const std::int32_t y : {one.size().height / 4, 3 * one.size().height / 4}) {
    for (const std::int32_t x : {one.size().width / 4, 3 * one.size().width / 4}) {
      for (std::size_t c = 0; c < 3; ++c) {
        const std::size_t at = 3 * static_cast<std::size_t>(x) + c;
        most = std::max(most, std::abs(one.row(y)[at] - other.row(y)[at]));
      }
    }
  }
  return most;
}

TEST(Heic, IsDecodedToItsPixels) {
  const Image drawn = four_fields({96, 64});
  const Bytes file = heic_of(drawn);
  EXPECT_EQ(sniff(file), FileKind::heic);
  EXPECT_EQ(count_pages(file), 1);
  const auto image = decode(file);
  ASSERT_TRUE(image) << describe(image.error());
  EXPECT_EQ(image->size(), drawn.size());
  EXPECT_EQ(image->format(), PixelFormat::rgb);
  EXPECT_LE(difference(*image, drawn), 12);
}

TEST(Heic, IsTurnedOnceThoughItSaysSoTwice) {
  const Image drawn = four_fields({96, 64});
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto image = decode(heic_of(drawn, orientation));
    ASSERT_TRUE(image) << orientation;
    const Image upright = turn_upright(four_fields({96, 64}), orientation);
    ASSERT_EQ(image->size(), upright.size()) << orientation;
    EXPECT_LE(difference(*image, upright), 12) << orientation;
  }
}

TEST(Heic, ThatIsCutOffAnywhereIsRefused) {
  const Bytes whole = heic_of(four_fields({160, 160}));
  for (std::size_t size = 12; size < whole.size(); size += 31) {
    const auto image = decode(std::span(whole).first(size));
    ASSERT_FALSE(image) << size << " of " << whole.size();
    EXPECT_TRUE(image.error().code == Errc::image_unreadable || image.error().code == Errc::image_unsupported);
  }
}

TEST(Heic, ABombIsRefusedBeforeItTakesMemory) {
  Bytes bomb = heic_of(four_fields({64, 64}));
  for (std::size_t i = 0; i + 16 < bomb.size(); ++i) {
    if (std::memcmp(bomb.data() + i, "ispe", 4) == 0) {  // version and flags, width, height
      std::fill_n(bomb.begin() + static_cast<std::ptrdiff_t>(i) + 9, 3, std::uint8_t{0x7F});
      std::fill_n(bomb.begin() + static_cast<std::ptrdiff_t>(i) + 13, 3, std::uint8_t{0x7F});
    }
  }
  const auto image = decode(bomb);
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, Errc::image_too_large);
}

TEST(Heic, OfAFilmIsNoPicture) {
  Bytes film = heic_of(four_fields({64, 64}));
  std::memcpy(film.data() + 8, "isom", 4);
  EXPECT_FALSE(is_heic(film));
  EXPECT_EQ(decode(film).error().code, Errc::image_unsupported);
}

}  // namespace
}  // namespace quay::imaging
