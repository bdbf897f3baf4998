// SPDX-License-Identifier: Apache-2.0
// How long a visit lives, as tables: ordinary days, sleeping machines, jumping clocks, restarts with a good and with a
// dead battery.
#include <gtest/gtest.h>

#include "daemon/core/visit_life.hpp"

namespace quay::daemon::core {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Span kNoon = hours(12) + hours(24) * 365 * 56;

ClockReading at(Span boot, Span wall, const std::string& boot_id = "first") { return {boot_id, boot, wall}; }

/// Opened one hour after the machine started, at noon.
VisitLife opened() { return VisitLife{at(hours(1), kNoon), Span(0)}; }

struct Case {
  const char* name;
  ClockReading now;
  std::optional<LifeEnd> over;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class UnusedVisit : public testing::TestWithParam<Case> {};

TEST_P(UnusedVisit, IsOverWhenItShouldBe) {
  EXPECT_EQ(judge(opened(), LifeLimits{}, GetParam().now).over, GetParam().over);
}

INSTANTIATE_TEST_SUITE_P(
    Clocks, UnusedVisit,
    testing::Values(
        Case{"AtOnce", at(hours(1), kNoon), std::nullopt},
        Case{"JustBeforeTheLimit", at(hours(1) + minutes(30) - milliseconds(1), kNoon), std::nullopt},
        Case{"AtTheLimit", at(hours(1) + minutes(30), kNoon), LifeEnd::idle},
        Case{"WallClockSetBackADay", at(hours(1) + minutes(31), kNoon - hours(24)), LifeEnd::idle},
        Case{"WallClockSetForwardADay", at(hours(1) + minutes(5), kNoon + hours(24)), std::nullopt},
        Case{"WallClockSetBackEarlyOn", at(hours(1) + minutes(5), kNoon - hours(24)), std::nullopt},
        Case{"MachineSleptForAnHour", at(hours(2), kNoon + hours(1)), LifeEnd::idle},
        Case{"RestartedAndBackInFiveMinutes", at(minutes(1), kNoon + minutes(5), "second"), std::nullopt},
        Case{"RestartedAfterAnHour", at(minutes(1), kNoon + hours(1), "second"), LifeEnd::idle},
        Case{"RestartedWithTheClockStoodStill", at(minutes(20), kNoon, "second"), std::nullopt},
        Case{"RestartedWithTheClockStoodStillForLong", at(minutes(31), kNoon + seconds(1), "second"), LifeEnd::idle},
        Case{"RestartedWithAClockALittleBehind", at(minutes(1), kNoon - minutes(1), "second"), std::nullopt},
        Case{"RestartedWithADeadBattery", at(minutes(1), Span(0), "second"), LifeEnd::clock},
        Case{"RestartedAndTheClockPutRightLater", at(minutes(3), kNoon + hours(10), "second"), LifeEnd::idle}),
    [](const auto& test) { return std::string(test.param.name); });

/// A visit that is used every ten minutes from noon on, over `restarts`: how old it gets.
Span age_of_a_busy_visit(const std::vector<Span>& restarts, Span wall_error) {
  VisitLife life = opened();
  ClockReading now = life.touched;
  Span passed{0};
  std::size_t next = 0;
  while (true) {
    passed += minutes(10);
    now.boot += minutes(10);
    now.wall = kNoon + passed + wall_error;
    if (next < restarts.size() && passed >= restarts[next]) {
      now.boot_id = "start " + std::to_string(++next);
      now.boot = minutes(1);
    }
    const auto touched = touch(life, LifeLimits{}, now);
    if (!touched) {
      return passed;
    }
    life = *touched;
  }
}

TEST(BusyVisit, EndsAfterADay) { EXPECT_EQ(age_of_a_busy_visit({}, Span(0)), hours(24)); }

TEST(BusyVisit, EndsAfterADayHoweverWrongTheClockIs) {
  EXPECT_EQ(age_of_a_busy_visit({}, -hours(1000)), hours(24));
  EXPECT_EQ(age_of_a_busy_visit({}, hours(1000)), hours(24));
}

TEST(BusyVisit, EndsAfterADayOverManyRestarts) {
  EXPECT_EQ(age_of_a_busy_visit({hours(2), hours(5), hours(12), hours(23)}, Span(0)), hours(24));
}

TEST(VisitLife, ATouchMakesTheIdleTimeNewAndNotTheAge) {
  const ClockReading later = at(hours(1) + minutes(20), kNoon);
  const auto touched = touch(opened(), LifeLimits{}, later);
  ASSERT_TRUE(touched);
  EXPECT_EQ(touched->age, minutes(20));
  const LifeVerdict verdict = judge(*touched, LifeLimits{}, later);
  EXPECT_EQ(verdict.left, minutes(30));
}

TEST(VisitLife, WhatIsOverCannotBeTouchedBack) { EXPECT_FALSE(touch(opened(), LifeLimits{}, at(hours(2), kNoon))); }

TEST(VisitLife, WarnsOfTheNearerLimit) {
  const auto warning = [](VisitLife life, Span unused) {
    return judge(life, LifeLimits{}, at(hours(1) + unused, kNoon)).warning;
  };
  EXPECT_EQ(warning(opened(), minutes(24)), std::nullopt);
  EXPECT_EQ(warning(opened(), minutes(25)), LifeEnd::idle);
  VisitLife old = opened();
  old.age = hours(23) + minutes(50);
  EXPECT_EQ(warning(old, minutes(4)), std::nullopt);
  EXPECT_EQ(warning(old, minutes(6)), LifeEnd::too_old);
}

}  // namespace
}  // namespace quay::daemon::core
