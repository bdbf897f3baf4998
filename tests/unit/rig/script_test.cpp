// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/backend/script.hpp"

#include <gmock/gmock.h>

#include "tests/rig/backend/counter_state.hpp"
#include "tests/rig/backend/misfortune.hpp"
#include "tests/rig/support/temporary_directory.hpp"

namespace quay::rig {
namespace {

TEST(Script, ReadsSettingsAndFaults) {
  const auto script = parse_script(
      "# a counter\npage /a b.jpg\nsheets 5\nppm 30.5\nresolutions 100 200\nlines-unknown\n\n"
      "fault read JAMMED page=2 bytes=1000\nfault open hang\n");
  ASSERT_TRUE(script) << script.error().detail;
  EXPECT_EQ(script->pages.at(0), "/a b.jpg");
  EXPECT_EQ(script->sheets, 5);
  EXPECT_EQ(script->pages_per_minute, 30.5);
  EXPECT_THAT(script->resolutions, testing::ElementsAre(100, 200));
  EXPECT_TRUE(script->lines_unknown);
  ASSERT_EQ(script->faults.size(), 2U);
  EXPECT_EQ(script->faults[0].status, SANE_STATUS_JAMMED);
  EXPECT_EQ(script->faults[0].bytes, 1000U);
  EXPECT_EQ(script->faults[1].action, Action::hang);
}

TEST(Script, AWrongLineIsRefusedWithItsNumber) {
  for (const char* line : {"sheets many", "fault", "fault read", "fault read EXPLODE", "fault lunch JAMMED",
                           "fault read JAMMED page=x", "fault read status", "colour red", "page"}) {
    const auto script = parse_script(std::string("sheets 1\n") + line + "\n");
    ASSERT_FALSE(script) << line;
    EXPECT_EQ(script.error().code, Errc::config_invalid);
    EXPECT_THAT(script.error().detail, testing::StartsWith("line 2: "));
  }
}

TEST(Script, AFaultIsDueOnItsPageFromItsByteOn) {
  const auto script = parse_script("fault read IO_ERROR page=2 bytes=100\n");
  ASSERT_TRUE(script);
  EXPECT_EQ(find_fault(*script, Place::read, 1, 500), nullptr);
  EXPECT_EQ(find_fault(*script, Place::read, 2, 99), nullptr);
  EXPECT_EQ(find_fault(*script, Place::start, 2, 100), nullptr);
  EXPECT_NE(find_fault(*script, Place::read, 2, 100), nullptr);
}

TEST(CounterState, SurvivesItsProcessAndStartsAsTold) {
  const TemporaryDirectory directory;
  CounterState initially;
  initially.sheets = 4;
  EXPECT_EQ(read_state(directory / "state", initially).sheets, 4);
  update_state(directory / "state", initially, [](CounterState& state) {
    --state.sheets;
    state.unplugged = true;
  });
  const CounterState after = read_state(directory / "state", {});
  EXPECT_EQ(after.sheets, 3);
  EXPECT_TRUE(after.unplugged);
}

}  // namespace
}  // namespace quay::rig
