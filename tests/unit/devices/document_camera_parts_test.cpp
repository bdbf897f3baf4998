// SPDX-License-Identifier: Apache-2.0
// The parts of quay-document-camera that decide: which size, which frame, what a whole JPEG is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "devices/document_camera/frame_choice.hpp"
#include "devices/document_camera/mjpg.hpp"
#include "devices/document_camera/picture_format.hpp"
#include "devices/document_camera/pixels.hpp"
#include "devices/document_camera/video_error.hpp"
#include "imaging/codec/decode.hpp"
#include "tests/rig/pictures/jpeg.hpp"
#include "tests/rig/support/page_images.hpp"

namespace quay::document_camera {
namespace {

PictureFormat mjpg(PixelSize size) { return {V4L2_PIX_FMT_MJPEG, Coding::mjpg, size}; }
PictureFormat yuyv(PixelSize size) { return {V4L2_PIX_FMT_YUYV, Coding::yuyv, size}; }

TEST(StillLadder, BeginsWithTheLargestAndPrefersTheCompressedOfOneSize) {
  const auto ladder = still_ladder({yuyv({640, 480}), mjpg({640, 480}), mjpg({3264, 2448}), yuyv({3840, 2160})});
  EXPECT_THAT(ladder, testing::ElementsAre(yuyv({3840, 2160}), mjpg({3264, 2448}), mjpg({640, 480}), yuyv({640, 480})));
}

TEST(LiveLadder, BeginsWithTheSmallestThatIsLargeEnough) {
  const auto ladder =
      live_ladder({yuyv({1280, 720}), mjpg({640, 480}), mjpg({3264, 2448}), mjpg({1280, 720}), mjpg({800, 600})}, 1280);
  EXPECT_THAT(ladder, testing::ElementsAre(mjpg({1280, 720}), mjpg({3264, 2448}), mjpg({800, 600}), mjpg({640, 480}),
                                           yuyv({1280, 720})));
}

rig::Bytes page() {
  const auto bytes = rig::read_file(rig::page_images().front());
  const auto image = rig::decode_jpeg(bytes.value());
  return rig::encode_jpeg(image->view(), 80).value();
}

rig::Bytes without_tables(const rig::Bytes& jpeg) {
  rig::Bytes out(jpeg.begin(), jpeg.begin() + 2);
  std::size_t at = 2;
  while (jpeg[at + 1] != 0xDA) {
    const std::size_t length = 2 + (std::size_t{jpeg[at + 2]} << 8 | jpeg[at + 3]);
    const auto begin = jpeg.begin() + static_cast<std::ptrdiff_t>(at);
    if (jpeg[at + 1] != 0xC4) {
      out.insert(out.end(), begin, begin + static_cast<std::ptrdiff_t>(length));
    }
    at += length;
  }
  out.insert(out.end(), jpeg.begin() + static_cast<std::ptrdiff_t>(at), jpeg.end());
  return out;
}

TEST(CompleteJpeg, LeavesAWholeFileAsItIs) {
  const rig::Bytes whole = page();
  EXPECT_EQ(complete_jpeg(whole).value(), whole);
}

TEST(CompleteJpeg, PutsTablesInThatGiveTheSamePixels) {
  const rig::Bytes whole = page();
  const rig::Bytes bare = without_tables(whole);
  ASSERT_LT(bare.size(), whole.size());
  const auto mended = complete_jpeg(bare);
  ASSERT_TRUE(mended);
  const auto expected = rig::decode_jpeg(whole).value();
  const auto got = rig::decode_jpeg(*mended).value();
  EXPECT_TRUE(std::equal(got.pixels().begin(), got.pixels().end(), expected.pixels().begin(), expected.pixels().end()));
}

/// libjpeg-turbo knows the typical tables itself; that ours are right shows when they are read, not guessed.
TEST(CompleteJpeg, PutsInTheVeryTablesThatEncodersWrite) {
  const rig::Bytes whole = page();
  const auto mended = complete_jpeg(without_tables(whole)).value();
  std::vector<std::uint8_t> written;  // the payload of every DHT of libjpeg's file
  for (std::size_t at = 2; whole[at + 1] != 0xDA;) {
    const std::size_t length = std::size_t{whole[at + 2]} << 8 | whole[at + 3];
    if (whole[at + 1] == 0xC4) {
      const auto begin = whole.begin() + static_cast<std::ptrdiff_t>(at) + 4;
      const std::vector<std::uint8_t> table(begin, begin + static_cast<std::ptrdiff_t>(length) - 2);
      EXPECT_NE(std::search(mended.begin(), mended.end(), table.begin(), table.end()), mended.end());
      written.insert(written.end(), table.begin(), table.end());
    }
    at += 2 + length;
  }
  EXPECT_EQ(written.size(), 420U - 4U);
}

TEST(CompleteJpeg, CutsPaddingBehindTheEnd) {
  const rig::Bytes whole = page();
  rig::Bytes padded = whole;
  padded.resize(padded.size() + 5000, 0);
  EXPECT_EQ(complete_jpeg(padded).value(), whole);
}

TEST(CompleteJpeg, RefusesWhatIsCutOffAtEveryPlace) {
  const rig::Bytes whole = page();
  for (std::size_t length = 0; length < whole.size(); length += length < 700 ? 1 : 4999) {
    EXPECT_FALSE(complete_jpeg(std::span(whole).first(length))) << length;
  }
}

TEST(CompleteJpeg, RefusesWhatIsNoJpeg) {
  EXPECT_EQ(complete_jpeg(rig::Bytes(1000, 0x55)).error().code, Errc::image_unsupported);
  EXPECT_FALSE(complete_jpeg(rig::Bytes{0xFF, 0xD8, 0xFF, 0xE0, 0xFF, 0xFF, 0, 0, 0, 0}));
}

TEST(GrayOfJpeg, IsAnErrorForADamagedScan) {
  rig::Bytes damaged = page();
  std::fill(damaged.begin() + static_cast<std::ptrdiff_t>(damaged.size() / 2), damaged.end() - 2, std::uint8_t{0});
  EXPECT_FALSE(gray_of_jpeg(damaged, 2));
  EXPECT_TRUE(gray_of_jpeg(page(), 2));
}

TEST(Yuyv, ShortOfBytesIsNotWhole) {
  const std::vector<std::uint8_t> bytes(640 * 480 * 2 - 1);
  EXPECT_FALSE((YuyvView{bytes, {640, 480}, 1280}.is_whole()));
  EXPECT_FALSE((YuyvView{bytes, {640, 480}, 1000}.is_whole()));
}

TEST(Yuyv, GivesWhiteBlackAndRed) {
  const std::vector<std::uint8_t> bytes{235, 128, 16, 128, 81, 90, 81, 240};
  const Image rgb = rgb_of_yuyv({bytes, {4, 1}, 8});
  EXPECT_THAT(std::vector<int>(rgb.row(0), rgb.row(0) + 12),
              testing::ElementsAre(255, 255, 255, 0, 0, 0, 255, 0, 0, 255, 0, 0));
}

class Choice : public testing::Test {
 protected:
  FrameChoice::Verdict judge(double light, double sharpness) {
    now_ += Milliseconds(33);
    return choice_.judge({light, sharpness}, now_);
  }
  FrameChoice choice_;
  SteadyClock::time_point now_{};
};

TEST_F(Choice, DoesNotBeginBeforeTheLightIsSteady) {
  for (const double light : {20.0, 40.0, 70.0, 100.0, 101.0}) {
    EXPECT_EQ(judge(light, 9), FrameChoice::Verdict::settling);
  }
  EXPECT_EQ(judge(100, 1), FrameChoice::Verdict::keep);
}

TEST_F(Choice, KeepsTheSharpestOfFive) {
  judge(100, 1);
  judge(100, 1);
  EXPECT_EQ(judge(100, 3), FrameChoice::Verdict::keep);
  EXPECT_EQ(judge(100, 2), FrameChoice::Verdict::pass);
  EXPECT_EQ(judge(100, 5), FrameChoice::Verdict::keep);
  EXPECT_FALSE(choice_.done(now_));
  EXPECT_EQ(judge(100, 4), FrameChoice::Verdict::pass);
  EXPECT_EQ(judge(100, 5), FrameChoice::Verdict::pass);
  EXPECT_TRUE(choice_.done(now_));
}

TEST_F(Choice, TakesACameraThatNeverSettlesAsItIs) {
  for (int i = 0; now_ < SteadyClock::time_point() + Milliseconds(2950); ++i) {
    EXPECT_EQ(judge(i % 2 == 0 ? 50 : 100, 1), FrameChoice::Verdict::settling);
  }
  now_ += Milliseconds(100);
  EXPECT_EQ(judge(50, 1), FrameChoice::Verdict::keep);
}

TEST_F(Choice, OfASlowCameraEndsWithWhatCame) {
  judge(100, 1);
  judge(100, 1);
  judge(100, 1);
  EXPECT_FALSE(choice_.done(now_ + Milliseconds(1000)));
  EXPECT_TRUE(choice_.done(now_ + Milliseconds(1600)));
}

TEST(VideoError, SpeaksOfTheCounterNotOfTheKernel) {
  EXPECT_EQ(video_error(ENODEV, "x").code, Errc::device_absent);
  EXPECT_EQ(video_error(ENOENT, "x").code, Errc::device_absent);
  EXPECT_EQ(video_error(EBUSY, "x").code, Errc::device_busy);
  EXPECT_EQ(video_error(ENOSPC, "x").code, Errc::camera_usb_bandwidth);
  EXPECT_EQ(video_error(EACCES, "x").code, Errc::device_access_denied);
  EXPECT_EQ(video_error(EIO, "x").code, Errc::device_io);
}

}  // namespace
}  // namespace quay::document_camera
