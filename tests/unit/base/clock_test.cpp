// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace quay {
namespace {

using std::chrono::system_clock;

system_clock::time_point at_milliseconds(std::int64_t count) { return system_clock::time_point(Milliseconds(count)); }

TEST(ClockTest, PrintsTheEpochAsRfc3339InUtcWithMilliseconds) {
  EXPECT_EQ(rfc3339(at_milliseconds(0)), "1970-01-01T00:00:00.000Z");
}

TEST(ClockTest, PrintsAKnownInstant) {  // date -u -d @1795497000
  EXPECT_EQ(rfc3339(at_milliseconds(1'795'497'000'123)), "2026-11-24T05:10:00.123Z");
}

TEST(ClockTest, RoundsDownAlsoBeforeTheEpoch) { EXPECT_EQ(rfc3339(at_milliseconds(-1)), "1969-12-31T23:59:59.999Z"); }

TEST(ClockTest, KnowsLeapDays) { EXPECT_EQ(rfc3339(at_milliseconds(1'709'164'800'000)), "2024-02-29T00:00:00.000Z"); }

TEST(ClockTest, ADeadlineLiesAheadByItsSpan) {
  const Deadline before = SteadyClock::now();
  const Deadline deadline = deadline_in(std::chrono::hours(1));
  EXPECT_GE(deadline, before + std::chrono::hours(1));
  EXPECT_LE(deadline, SteadyClock::now() + std::chrono::hours(1));
}

}  // namespace
}  // namespace quay
