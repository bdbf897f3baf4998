// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include <gmock/gmock.h>

#include "tests/rig/pictures/page_store.hpp"
#include "tests/rig/pictures/resample.hpp"
#include "tests/rig/support/temporary_directory.hpp"

namespace quay::rig {
namespace {

/// Left half dark, right half light, so that a window's place can be seen.
Image two_halves(PixelFormat format, PixelSize size, double dpi) {
  Image image(format, size, Dpi{dpi});
  const std::size_t channels = image.stride_bytes() / static_cast<std::size_t>(size.width);
  for (std::int32_t y = 0; y < size.height; ++y) {
    for (std::size_t i = 0; i < image.stride_bytes(); ++i) {
      image.row(y)[i] = i / channels < static_cast<std::size_t>(size.width) / 2 ? 20 : 230;
    }
  }
  return image;
}

class Paper : public testing::Test {
 protected:
  Paper() {
    write("a.jpg", two_halves(PixelFormat::rgb, {1240, 1754}, 150));
    write("b.jpg", two_halves(PixelFormat::gray, {1700, 2378}, 200));
    auto sides = read_paper({directory_.path()});
    store_ = std::make_unique<PageStore>(std::move(sides.value()));
  }

  void write(const std::string& name, const Image& image) {
    const Bytes jpeg = encode_jpeg(image.view(), 90).value();
    std::ofstream(directory_ / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(jpeg.data()), static_cast<std::streamsize>(jpeg.size()));
  }

  PictureSettings whole(int dpi, PixelFormat format) const {
    return {dpi, format, {0, 0, store_->bed().width, store_->bed().height}};
  }

  TemporaryDirectory directory_;
  std::unique_ptr<PageStore> store_;
};

TEST_F(Paper, TheBedTakesEveryPageAndAtLeastA4) {
  EXPECT_EQ(store_->bed().width, 2550);
  EXPECT_EQ(store_->bed().height, 3567);
}

TEST_F(Paper, AtTheFilesOwnSettingsTheBytesAreTheFiles) {
  const auto jpeg = store_->render(0, whole(150, PixelFormat::rgb));
  ASSERT_TRUE(jpeg);
  EXPECT_EQ(**jpeg, store_->side(0).jpeg);
}

TEST_F(Paper, AnotherResolutionKeepsTheSizeOnPaper) {
  const auto jpeg = store_->render(0, whole(300, PixelFormat::rgb));
  ASSERT_TRUE(jpeg);
  const auto facts = read_jpeg_facts(**jpeg);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->size, (PixelSize{2480, 3508}));
  EXPECT_EQ(facts->dpi.value, 300);
}

TEST_F(Paper, GrayIsSentWithOneComponentAndColourWithThree) {
  EXPECT_EQ(read_jpeg_facts(**store_->render(0, whole(75, PixelFormat::gray)))->format, PixelFormat::gray);
  EXPECT_EQ(read_jpeg_facts(**store_->render(1, whole(75, PixelFormat::rgb)))->format, PixelFormat::rgb);
}

TEST_F(Paper, AWindowShowsWhatLiesUnderIt) {
  const PictureSettings right{150, PixelFormat::gray, {1260, 300, 600, 300}};
  const auto picture = store_->picture(0, right);
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->size(), (PixelSize{300, 150}));
  EXPECT_NEAR(picture->row(75)[150], 230, 3);
}

TEST_F(Paper, AWindowBesideThePaperIsRefused) {
  const auto picture = store_->picture(0, {150, PixelFormat::gray, {2545, 0, 5, 100}});
  ASSERT_FALSE(picture);
  EXPECT_EQ(picture.error().code, Errc::device_invalid_setting);
}

TEST_F(Paper, LineartIsOneBitAPixelWithBlackSet) {
  const auto picture = store_->picture(0, whole(75, PixelFormat::bitonal));
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->format(), PixelFormat::bitonal);
  EXPECT_EQ(picture->row(100)[0], 0xff);
  EXPECT_EQ(picture->row(100)[picture->stride_bytes() - 2], 0x00);
}

TEST_F(Paper, PagesComeInOrderOfNameAndThenFromTheStartAgain) {
  EXPECT_EQ(store_->side(0).name, "a.jpg");
  EXPECT_EQ(store_->side(1).name, "b.jpg");
  EXPECT_EQ(store_->side(2).name, "a.jpg");
}

TEST_F(Paper, AFileThatIsNoJpegIsRefusedByName) {
  std::ofstream(directory_ / "c.jpg") << "no picture";
  const auto sides = read_paper({directory_.path()});
  ASSERT_FALSE(sides);
  EXPECT_EQ(sides.error().code, Errc::image_unreadable);
  EXPECT_THAT(sides.error().detail, testing::StartsWith("c.jpg: "));
}

TEST(Pictures, AnEmptyFolderIsNoPaper) {
  const TemporaryDirectory directory;
  const auto sides = read_paper({directory.path()});
  ASSERT_FALSE(sides);
  EXPECT_EQ(sides.error().code, Errc::file_unreadable);
}

TEST(Pictures, ResamplingAtScaleOneChangesNoPixel) {
  const Image image = two_halves(PixelFormat::rgb, {31, 17}, 300);
  const Image same = resample(image.view(), {0, 0, 31, 17}, {31, 17}, Dpi{300});
  EXPECT_TRUE(std::ranges::equal(same.pixels(), image.pixels()));
}

TEST(Pictures, ACutJpegIsReadAsFarAsItGoesAndGarbageIsRefused) {
  const Bytes jpeg = encode_jpeg(two_halves(PixelFormat::gray, {64, 64}, 300).view(), 90).value();
  EXPECT_TRUE(decode_jpeg(std::span(jpeg).first(jpeg.size() - 20)));
  EXPECT_FALSE(decode_jpeg(std::span(jpeg).subspan(2)));
  EXPECT_FALSE(decode_jpeg({}));
}

}  // namespace
}  // namespace quay::rig
