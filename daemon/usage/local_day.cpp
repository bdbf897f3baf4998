// SPDX-License-Identifier: Apache-2.0
#include "daemon/usage/local_day.hpp"

#include <chrono>
#include <ctime>

#include <fmt/format.h>

namespace quay::daemon::usage {

LocalTime local_time(std::int64_t unix_ms) {
  const auto seconds = static_cast<std::time_t>(unix_ms / 1000);
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  return {fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday),
          60 * parts.tm_hour + parts.tm_min};
}

LocalTime local_time_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return local_time(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

}  // namespace quay::daemon::usage
