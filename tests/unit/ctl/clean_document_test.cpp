// SPDX-License-Identifier: Apache-2.0
#include "ctl/clean_document.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "ctl/session.hpp"
#include "imaging/codec/decode.hpp"
#include "imaging/codec/jpeg.hpp"
#include "imaging/extract/card_sheet.hpp"
#include "tests/rig/support/temporary_directory.hpp"

namespace quay::ctl {
namespace {

constexpr Dpi kDpi{200};

void fill(Image& image, PixelSize from, PixelSize size, std::uint8_t value) {
  for (std::int32_t y = from.height; y < from.height + size.height; ++y) {
    std::fill_n(image.row(y) + std::ptrdiff_t{3} * from.width, std::ptrdiff_t{3} * size.width, value);
  }
}

/// A black bed with `count` grey cards on it, one under the other.
std::filesystem::path picture_of_cards(const rig::TemporaryDirectory& place, const std::string& name, int count,
                                       std::uint8_t grey) {
  Image bed(PixelFormat::rgb, {to_pixels({180}, kDpi), to_pixels({180}, kDpi)}, kDpi);
  const PixelSize card{to_pixels(imaging::kIdCard.width, kDpi), to_pixels(imaging::kIdCard.height, kDpi)};
  for (int i = 0; i < count; ++i) {
    fill(bed, {to_pixels({40}, kDpi), to_pixels({20.0 + 80 * i}, kDpi)}, card, grey);
  }
  const auto bytes = imaging::encode_jpeg(bed.view(), {.quality = 95});
  const std::filesystem::path path = place.path() / name;
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
  return path;
}

/// A document of ID cards under way.
struct Cards {
  Session session;
  Explainer silent{{}};
  CleanDocument document;
  Cards() : document(profile(), 0, PageReader("", session), silent) {}

  static imaging::Profile profile() {
    imaging::Profile cards = *imaging::profile_named("card");
    cards.format = imaging::OutputFormat::jpeg;
    return cards;
  }
};

TEST(CleanDocument, FrontAndBackInTwoFilesBecomeOnePageTheFrontAbove) {
  const rig::TemporaryDirectory place;
  Cards cards;
  ASSERT_TRUE(cards.document.add_file(picture_of_cards(place, "front.jpg", 1, 120)));
  ASSERT_TRUE(cards.document.add_file(picture_of_cards(place, "back.jpg", 1, 200)));
  ASSERT_TRUE(cards.document.finish());
  const auto files = cards.document.bind();
  ASSERT_TRUE(files);
  ASSERT_EQ(files->size(), 1U);
  const auto sheet = imaging::decode(files->front());
  ASSERT_TRUE(sheet);
  const std::int32_t middle = sheet->size().width / 2;
  EXPECT_NEAR(sheet->row(to_pixels({77}, kDpi))[3 * middle], 120, 4);
  EXPECT_NEAR(sheet->row(to_pixels({157}, kDpi))[3 * middle], 200, 4);
  EXPECT_EQ(cards.document.take_report().size(), 1U);
}

TEST(CleanDocument, TwoSidesOnOneGlassBecomeTwoPicturesAtTrueSize) {
  const rig::TemporaryDirectory place;
  const Session session;
  Explainer silent{{}};
  imaging::Profile photo = *imaging::profile_named("card-sides");
  photo.format = imaging::OutputFormat::jpeg;
  CleanDocument document(photo, 0, PageReader("", session), silent);
  ASSERT_TRUE(document.add_file(picture_of_cards(place, "both.jpg", 2, 160)));
  ASSERT_TRUE(document.finish());
  const auto files = document.bind();
  ASSERT_TRUE(files);
  ASSERT_EQ(files->size(), 2U);
  for (const Bytes& file : *files) {
    const auto side = imaging::decode(file);
    ASSERT_TRUE(side);
    EXPECT_NEAR(side->size().width, to_pixels(imaging::kIdCard.width, side->dpi()), 4);
    EXPECT_NEAR(side->size().height, to_pixels(imaging::kIdCard.height, side->dpi()), 4);
  }
}

TEST(CleanDocument, ACardWithoutABackAndASheetWithBothSidesAreEachAPage) {
  const rig::TemporaryDirectory place;
  Cards cards;
  ASSERT_TRUE(cards.document.add_file(picture_of_cards(place, "one.jpg", 1, 120)));
  ASSERT_TRUE(cards.document.add_file(picture_of_cards(place, "two.jpg", 2, 160)));
  ASSERT_TRUE(cards.document.add_file(picture_of_cards(place, "three.jpg", 1, 200)));
  ASSERT_TRUE(cards.document.finish());
  EXPECT_EQ(cards.document.take_report().size(), 3U);
}

TEST(CleanDocument, APictureWithoutACardIsToldByItsFile) {
  const rig::TemporaryDirectory place;
  Cards cards;
  ASSERT_TRUE(cards.document.add_file(picture_of_cards(place, "front.jpg", 1, 120)));
  const Status added = cards.document.add_file(picture_of_cards(place, "bare.jpg", 0, 0));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, Errc::card_not_found);
  EXPECT_NE(added.error().operation.find("bare.jpg"), std::string::npos);
}

}  // namespace
}  // namespace quay::ctl
