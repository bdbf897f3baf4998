// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <ctime>

#include <fmt/format.h>

namespace quay {

std::string rfc3339(std::chrono::system_clock::time_point at) {
  using namespace std::chrono;
  const auto whole = floor<seconds>(at);
  const auto milliseconds = duration_cast<Milliseconds>(at - whole).count();
  const std::time_t time = system_clock::to_time_t(whole);
  std::tm utc{};
  ::gmtime_r(&time, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, milliseconds);
}

}  // namespace quay
