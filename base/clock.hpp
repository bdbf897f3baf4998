// SPDX-License-Identifier: Apache-2.0
// Time as values. Deadlines live on the steady clock, which a wrong or jumping wall clock cannot move; wall time is
// only ever printed.
#pragma once

#include <chrono>
#include <string>

namespace quay {

using SteadyClock = std::chrono::steady_clock;
using Deadline = SteadyClock::time_point;
using Milliseconds = std::chrono::milliseconds;

inline Deadline deadline_in(SteadyClock::duration span) { return SteadyClock::now() + span; }

/// `at` as RFC 3339 in UTC with milliseconds: "2026-11-24T05:10:00.123Z".
std::string rfc3339(std::chrono::system_clock::time_point at);

inline std::string rfc3339_now() { return rfc3339(std::chrono::system_clock::now()); }

}  // namespace quay
