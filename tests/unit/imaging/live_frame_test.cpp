// SPDX-License-Identifier: Apache-2.0
// Frames of a drawn desk, spoilt in one known way each: what is said of them, and what is not.
#include "imaging/live_frame.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/rig/document_camera/desk.hpp"
#include "tests/rig/pictures/jpeg.hpp"
#include "tests/rig/pictures/resample.hpp"
#include "tests/rig/support/page_images.hpp"

namespace quay::imaging {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LiveFrame : public testing::TestWithParam<const char*> {
 protected:
  static Image page(const std::string& name) {
    const auto file = rig::read_file(rig::page_images_directory() / name);
    return rig::to_rgb(rig::decode_jpeg(file.value())->view());
  }

  FrameFacts see(const rig::Desk& desk, std::uint32_t grain = 1, PixelSize size = {1280, 720}) const {
    const Image frame = rig::draw_desk(desk, sheet_, size, grain);
    return look_at_frame(frame.view()).value();
  }

  static std::vector<std::string> codes(const FrameFacts& facts) {
    std::vector<std::string> codes;
    for (const QualityIssue& issue : facts.quality) {
      codes.push_back(issue.code);
    }
    return codes;
  }

  Image sheet_ = page(GetParam());
  rig::Desk desk_{0, 0, 0, 0, 0.86, false, 1, 0};
};

TEST_P(LiveFrame, OfAGoodSheetFindsItsCornersAndNothingToSay) {
  const FrameFacts facts = see(desk_);
  ASSERT_TRUE(facts.sheet);
  EXPECT_THAT(codes(facts), IsEmpty());
  const double aspect = static_cast<double>(sheet_.size().width) / sheet_.size().height;
  const double half_high = 0.43 * 720;
  const Point expected{640 - half_high * aspect, 360 - half_high};
  EXPECT_NEAR((*facts.sheet)[0].x, expected.x, 10);  // the desk is seen a little from below
  EXPECT_NEAR((*facts.sheet)[0].y, expected.y, 3);
}

TEST_P(LiveFrame, ThatIsLargeIsJudgedInItsOwnPixels) {
  const FrameFacts facts = see(desk_, 1, {2560, 1440});
  ASSERT_TRUE(facts.sheet);
  EXPECT_EQ(facts.size, (PixelSize{2560, 1440}));
  EXPECT_NEAR((*facts.sheet)[0].y, 720 - 0.43 * 1440, 6);
}

TEST_P(LiveFrame, OutOfFocusIsBlurred) {
  desk_.blur = 0.004;
  EXPECT_THAT(codes(see(desk_)), ElementsAre("blur"));
}

TEST_P(LiveFrame, WithAHandOverItsCornerIsCovered) {
  desk_.hand = true;
  const FrameFacts facts = see(desk_);
  ASSERT_THAT(codes(facts), ElementsAre("covered"));
  const PixelBox& box = facts.quality[0].box;
  EXPECT_GT(box.left + box.right, 1280);  // right of the middle, below the middle
  EXPECT_GT(box.top + box.bottom, 720);
}

TEST_P(LiveFrame, InTheDarkIsTooDark) {
  desk_.light = 0.3;
  EXPECT_THAT(codes(see(desk_)), ElementsAre("too-dark"));
  desk_.light = 0.08;
  EXPECT_THAT(codes(see(desk_)), ElementsAre("too-dark"));
}

TEST_P(LiveFrame, OfASheetThatRunsOutOfViewIsCut) {
  desk_.right = 0.7;
  const FrameFacts facts = see(desk_);
  ASSERT_THAT(codes(facts), ElementsAre("cut-edge"));
  EXPECT_GT(facts.quality[0].box.left, 1000);  // at the right
}

TEST_P(LiveFrame, OfASheetFarAwayIsTooSmall) {
  desk_.height = 0.4;
  EXPECT_THAT(codes(see(desk_)), ElementsAre("too-small"));
}

TEST_P(LiveFrame, OfABareDeskSaysNothing) {
  desk_.sheet.reset();
  const FrameFacts facts = see(desk_);
  EXPECT_FALSE(facts.sheet);
  EXPECT_THAT(codes(facts), IsEmpty());
  EXPECT_THAT(facts.sheet_look, IsEmpty());
}

double distance(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += std::abs(a[i] - b[i]);
  }
  return sum / static_cast<double>(a.size());
}

TEST_P(LiveFrame, LooksAlikeButForItsNoiseAndUnlikeOnceTheSheetIsPushed) {
  const FrameFacts first = see(desk_, 1);
  const FrameFacts second = see(desk_, 2);
  ASSERT_EQ(first.look.size(), 1024U);
  ASSERT_EQ(first.sheet_look.size(), 1024U);
  EXPECT_LT(distance(first.look, second.look), 0.3);
  desk_.right = 0.01;
  const FrameFacts pushed = see(desk_, 1);
  EXPECT_GT(distance(first.look, pushed.look), 1.2);
  EXPECT_LT(distance(first.sheet_look, pushed.sheet_look), 5);  // the sheet is still the same
}

INSTANTIATE_TEST_SUITE_P(Corpus, LiveFrame, testing::Values("s02_letter_skew.jpg", "s03_form_skew.jpg", "s06_cert.jpg"),
                         [](const auto& test) { return std::string(test.param).substr(0, 3); });

TEST(LiveFrameInput, ThatIsInconsistentIsRefused) {
  const std::vector<std::uint8_t> few(10);
  EXPECT_FALSE(look_at_frame({few, {100, 100}, 300, PixelFormat::rgb, Dpi{0}}));
}

TEST(LiveFrameInput, OfAFewPixelsIsLookedAtAllTheSame) {
  const Image tiny(PixelFormat::rgb, {3, 2}, Dpi{0});
  EXPECT_TRUE(look_at_frame(tiny.view()));
}

}  // namespace
}  // namespace quay::imaging
