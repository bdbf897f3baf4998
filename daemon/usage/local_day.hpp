// SPDX-License-Identifier: Apache-2.0
// Which day it is at the counter, by the machine's time zone: reports count local days, and the key of a day goes with
// it.
#pragma once

#include <cstdint>
#include <string>

namespace quay::daemon::usage {

struct LocalTime {
  std::string day;  ///< "2026-11-26"
  int minute = 0;   ///< since midnight by the clock on the wall, 0 to 1439
};

/// `unix_ms`: since 1970-01-01 UTC.
LocalTime local_time(std::int64_t unix_ms);

LocalTime local_time_now();

}  // namespace quay::daemon::usage
