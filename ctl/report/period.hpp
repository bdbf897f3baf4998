// SPDX-License-Identifier: Apache-2.0
// The days a report is about, as people write them.
#pragma once

#include <string>
#include <string_view>

#include "base/day.hpp"
#include "base/result.hpp"

namespace quay::ctl::report {

struct Period {
  Day from;
  Day to;            ///< included
  std::string name;  ///< as it was written
};

/// "2026", "2026-Q4", "2026-11", "2026-11-26" or "2026-11-26..2026-11-30". Errors: usage, with what was expected.
Result<Period> parse_period(std::string_view text);

}  // namespace quay::ctl::report
