// SPDX-License-Identifier: Apache-2.0
// What `quayctl top` draws and what `quayctl ready` decides.
#include "ctl/screen.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ctl/readiness.hpp"

namespace quay::ctl {
namespace {

using protocol::DeviceStatus;

protocol::Device device(const char* id, DeviceStatus status, std::vector<std::string> reasons = {}) {
  protocol::Device out;
  out.id = id;
  out.name = "Máy quét Quầy 1";
  out.status = status;
  out.reasons = std::move(reasons);
  return out;
}

protocol::Job job(const char* id, std::int32_t pages, protocol::JobState state = protocol::JobState::running) {
  protocol::Job out;
  out.job = id;
  out.kind = "scan";
  out.device = "demo";
  out.pages = pages;
  out.state = state;
  return out;
}

protocol::StateResult state_with(std::vector<protocol::Device> devices) {
  protocol::StateResult state;
  state.devices = std::move(devices);
  return state;
}

TEST(Readiness, EveryDeviceMustWork) {
  EXPECT_EQ(judge_readiness(state_with({device("a", DeviceStatus::ready), device("b", DeviceStatus::busy)})).kind,
            Readiness::Kind::ready);
  const auto jammed = judge_readiness(
      state_with({device("a", DeviceStatus::ready), device("b", DeviceStatus::needs_attention, {"paper.jam"})}));
  EXPECT_EQ(jammed.kind, Readiness::Kind::not_ready);
  EXPECT_EQ(jammed.device, "b");
  EXPECT_EQ(jammed.reason, Errc::paper_jam);
}

TEST(Readiness, AnEmptyFeederIsNoFault) {
  EXPECT_EQ(judge_readiness(state_with({device("a", DeviceStatus::needs_attention, {"paper.empty"})})).kind,
            Readiness::Kind::ready);
}

TEST(Readiness, ACounterWithoutDevicesIsNotReady) {
  const auto nothing = judge_readiness(state_with({}));
  EXPECT_EQ(nothing.kind, Readiness::Kind::not_ready);
  EXPECT_EQ(nothing.reason, Errc::device_absent);
}

TEST(Readiness, WhatIsFaultyCountsMoreThanWhatIsStarting) {
  EXPECT_EQ(judge_readiness(state_with({device("a", DeviceStatus::starting)})).kind, Readiness::Kind::starting);
  const auto mixed =
      judge_readiness(state_with({device("a", DeviceStatus::starting), device("b", DeviceStatus::quarantined)}));
  EXPECT_EQ(mixed.kind, Readiness::Kind::not_ready);
  EXPECT_EQ(mixed.device, "b");
}

TEST(Readiness, IsOneLineThatSaysWhatToDo) {
  const auto state = state_with({device("demo", DeviceStatus::needs_attention, {"paper.jam"})});
  EXPECT_EQ(readiness_text(Language::vi, judge_readiness(state), state),
            "chưa sẵn sàng: demo: Kẹt giấy: mở nắp máy, rút giấy ra, xếp lại rồi bấm Quét lại. [paper.jam]");
  const auto good = state_with({device("demo", DeviceStatus::ready), device("cam", DeviceStatus::busy)});
  EXPECT_EQ(readiness_text(Language::en, judge_readiness(good), good), "ready: demo, cam");
}

TEST(PageRate, CountsThePagesOfTheLastMinute) {
  const Deadline start{};
  PageRate rate;
  rate.note({job("j", 3)}, start);
  EXPECT_EQ(rate.last_minute(), 0) << "what was there before is not news";
  rate.note({job("j", 5)}, start + std::chrono::seconds(10));
  rate.note({job("j", 9), job("k", 1)}, start + std::chrono::seconds(50));
  EXPECT_EQ(rate.last_minute(), 6);
  rate.note({job("k", 2)}, start + std::chrono::seconds(75));
  EXPECT_EQ(rate.last_minute(), 5) << "the first two pages are more than a minute ago";
}

Counter counter_of(protocol::StateResult state) { return {std::move(state), "0.1.0", 12, "08:30:00", ""}; }

TEST(Screen, ShowsDevicesWithWhatToDoAndJobsWithTheirPages) {
  auto state = state_with({device("demo", DeviceStatus::needs_attention, {"paper.jam"})});
  state.jobs = {job("j", 4), job("k", 0, protocol::JobState::queued)};
  const auto lines = screen_lines(Language::vi, counter_of(state), 200, 50);
  EXPECT_THAT(lines.front(), testing::HasSubstr("việc 2 (chờ 1)"));
  EXPECT_THAT(lines.front(), testing::HasSubstr("12 trang/phút"));
  EXPECT_THAT(lines, testing::Contains(testing::HasSubstr("rút giấy ra")));
  EXPECT_THAT(lines, testing::Contains("  demo  scan  running  4 trang"));
}

TEST(Screen, StaysWithinTheTerminalWhateverItsSize) {
  auto state = state_with({device("demo", DeviceStatus::needs_attention, {"paper.jam"})});
  for (const std::size_t columns : {1U, 3U, 4U, 17U, 80U}) {
    for (const std::size_t rows : {1U, 3U, 24U}) {
      const auto lines = screen_lines(Language::vi, counter_of(state), columns, rows);
      EXPECT_LE(lines.size(), rows);
      for (const std::string& line : lines) {
        const auto characters = std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
        EXPECT_LE(characters, static_cast<std::ptrdiff_t>(columns)) << line;
      }
    }
  }
}

TEST(Screen, ALineThatIsCutEndsInDotsBetweenLetters) {
  const auto lines = screen_lines(Language::vi, counter_of(state_with({device("demo", DeviceStatus::ready)})), 14, 24);
  EXPECT_THAT(lines, testing::Contains("  demo  sẵn..."));
}

}  // namespace
}  // namespace quay::ctl
