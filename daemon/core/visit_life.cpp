// SPDX-License-Identifier: Apache-2.0
#include "daemon/core/visit_life.hpp"

#include <algorithm>
#include <array>

namespace quay::daemon::core {
namespace {

/// A clock that was put right just before the machine went down may be this far behind afterwards.
constexpr Span kClockTolerance = std::chrono::minutes(2);

}  // namespace

std::string_view name(LifeEnd end) {
  constexpr std::array<std::string_view, 3> kNames{"idle", "too_old", "clock"};
  return kNames.at(static_cast<std::size_t>(end));
}

/// Within one start of the machine only CLOCK_BOOTTIME counts: putting the wall clock right changes nothing. Across a
/// restart the wall clock is all there is; at least the time since the restart has passed.
std::optional<Span> time_between(const ClockReading& from, const ClockReading& now) {
  if (from.boot_id == now.boot_id) {
    return std::max(Span(0), now.boot - from.boot);
  }
  const Span by_wall = now.wall - from.wall;
  if (by_wall < -kClockTolerance) {
    return std::nullopt;
  }
  return std::max(by_wall, now.boot);
}

LifeVerdict judge(const VisitLife& life, const LifeLimits& limits, const ClockReading& now) {
  const std::optional<Span> unused = time_between(life.touched, now);
  if (!unused) {
    return LifeVerdict{LifeEnd::clock, std::nullopt, Span(0)};
  }
  const Span idle_left = limits.idle - *unused;
  const Span hard_left = limits.hard - (life.age + *unused);
  const LifeEnd nearer = hard_left <= idle_left ? LifeEnd::too_old : LifeEnd::idle;
  const Span left = std::min(idle_left, hard_left);
  if (left <= Span(0)) {
    return LifeVerdict{nearer, std::nullopt, Span(0)};
  }
  LifeVerdict verdict;
  verdict.left = left;
  if (left <= limits.warning) {
    verdict.warning = nearer;
  }
  return verdict;
}

std::optional<VisitLife> touch(const VisitLife& life, const LifeLimits& limits, const ClockReading& now) {
  if (judge(life, limits, now).over) {
    return std::nullopt;
  }
  const Span unused = time_between(life.touched, now).value_or(Span(0));
  return VisitLife{now, life.age + unused};
}

}  // namespace quay::daemon::core
