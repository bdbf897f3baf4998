// SPDX-License-Identifier: Apache-2.0
// How long a visit lives: idle and hard limits that neither a jump of the wall clock, nor a sleep, nor a restart of the
// machine can stretch. Pure: clocks come in as values. docs/privacy.md says the rules in words.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace quay::daemon::core {

using Span = std::chrono::milliseconds;

/// One reading of the clocks.
struct ClockReading {
  std::string boot_id;  ///< /proc/sys/kernel/random/boot_id: which start of the machine
  Span boot{0};         ///< CLOCK_BOOTTIME: since that start, sleep included
  Span wall{0};         ///< since 1970-01-01 UTC: may jump
};

struct LifeLimits {
  Span idle = std::chrono::minutes(30);  ///< since it was used last
  Span hard = std::chrono::hours(24);    ///< since it was opened
  Span warning = std::chrono::minutes(5);
  bool operator==(const LifeLimits&) const = default;
};

/// What has to be kept of a visit: when it was used last, and how old it was then.
struct VisitLife {
  ClockReading touched;
  Span age{0};
};

enum class LifeEnd : std::uint8_t {
  idle,     ///< nobody used it for too long
  too_old,  ///< opened too long ago
  clock,    ///< after a restart the clock is behind what it was before: nobody knows how long the machine was off
};
std::string_view name(LifeEnd end);

/// What to do with a visit now.
struct LifeVerdict {
  std::optional<LifeEnd> over;     ///< purge it
  std::optional<LifeEnd> warning;  ///< it will be over in `left`, for this reason
  Span left{0};                    ///< until the nearer limit; 0 when over
};

/// Time that has passed from `from` to `now`, at least; nothing when it cannot be known.
std::optional<Span> time_between(const ClockReading& from, const ClockReading& now);

LifeVerdict judge(const VisitLife& life, const LifeLimits& limits, const ClockReading& now);

/// The visit is used now. One that is over stays over: nullopt.
std::optional<VisitLife> touch(const VisitLife& life, const LifeLimits& limits, const ClockReading& now);

}  // namespace quay::daemon::core
