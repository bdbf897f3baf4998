// SPDX-License-Identifier: Apache-2.0
#include "ctl/scan_progress.hpp"

#include <gtest/gtest.h>

#include "ctl/progress_bar.hpp"
#include "protocol/json/writer.hpp"

namespace quay::ctl {
namespace {

namespace topic = protocol::topic;

protocol::Event event_of(const char* type, protocol::json::object data) {
  protocol::Event event;
  event.type = type;
  event.data = std::move(data);
  return event;
}

protocol::Event finished(const char* state, protocol::json::array captures) {
  return event_of(topic::kJobFinished, {{"job", "j"}, {"state", state}, {"captures", std::move(captures)}});
}

TEST(ScanProgress, TakesOnlyEventsOfItsOwnJob) {
  ScanProgress progress("j");
  EXPECT_FALSE(progress.take(event_of(topic::kCaptureCaptured, {{"job", "other"}, {"capture", "c"}})));
  EXPECT_FALSE(progress.take(event_of(topic::kDeviceChanged, {{"id", "demo"}})));
  EXPECT_EQ(progress.captured(), 0U);
  EXPECT_TRUE(progress.take(event_of(topic::kCaptureCaptured, {{"job", "j"}, {"capture", "c"}})));
  EXPECT_EQ(progress.captured(), 1U);
}

TEST(ScanProgress, IsOverWhenTheJobHasEndedAndEveryPageIsReadyOrGivenUp) {
  ScanProgress progress("j");
  progress.take(event_of(topic::kCaptureCaptured, {{"job", "j"}, {"capture", "c1"}}));
  progress.take(event_of(topic::kCaptureReady, {{"job", "j"}, {"capture", "c1"}}));
  EXPECT_FALSE(progress.is_over()) << "the job still runs";
  progress.take(finished("done", {"c1", "c2"}));
  EXPECT_FALSE(progress.is_over()) << "page 2 is still being cleaned";
  progress.take(event_of(topic::kCaptureFailed, {{"job", "j"}, {"capture", "c2"}}));
  EXPECT_TRUE(progress.is_over());
}

TEST(ScanProgress, IsOverAtOnceWhenAJobEndsWithoutAPage) {
  ScanProgress progress("j");
  progress.take(finished("failed", {}));
  EXPECT_TRUE(progress.is_over());
  EXPECT_EQ(progress.outcome()->state, protocol::JobState::failed);
}

TEST(ScanProgress, KeepsPercentWithinBounds) {
  ScanProgress progress("j");
  progress.take(event_of(topic::kJobProgress, {{"job", "j"}, {"page", 2}, {"percent", 250}, {"stage", "reading"}}));
  EXPECT_EQ(progress.percent(), 100);
  EXPECT_EQ(progress.page(), 2);
}

TEST(ProgressBar, ShowsPagePercentAndStageInBothLanguages) {
  ScanProgress progress("j");
  progress.take(event_of(topic::kJobProgress, {{"job", "j"}, {"page", 2}, {"percent", 40}, {"stage", "reading"}}));
  EXPECT_EQ(bar_text(Language::en, progress, 100), "[########------------]  40 %  page 2, reading  (0 safe, 0 clean)");
  EXPECT_EQ(bar_text(Language::vi, progress, 100),
            "[########------------]  40 %  trang 2, đang quét  (0 đã lưu, 0 xong)");
}

TEST(ProgressBar, NeverBreaksALineNorALetter) {
  ScanProgress progress("j");
  progress.take(event_of(topic::kJobProgress, {{"job", "j"}, {"page", 2}, {"percent", 40}, {"stage", "reading"}}));
  EXPECT_EQ(bar_text(Language::vi, progress, 39), "[########------------]  40 %  trang 2, ");
  EXPECT_EQ(bar_text(Language::vi, progress, 40), "[########------------]  40 %  trang 2, đ");
}

}  // namespace
}  // namespace quay::ctl
