// SPDX-License-Identifier: Apache-2.0
// What a check of the access log found: each line that is not as it was written, and what was done to it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/json/reader.hpp"

namespace quay::protocol {

/// malformed: not a line of the log. edited: its hash does not fit its text. forged: its seal was not made with the
/// key. missing: lines before it are gone. moved: it stands behind a later one, or twice. replaced: the line before it
/// is not the one it was written after. cut: the end of the log is gone. unknown: lines after the last that the daemon
/// wrote.
enum class AccessFault : std::uint8_t { malformed, edited, forged, missing, moved, replaced, cut, unknown, other };
BOOST_DESCRIBE_ENUM(AccessFault, malformed, edited, forged, missing, moved, replaced, cut, unknown, other)

struct AccessFinding : AllOptional {
  std::string file;
  std::uint64_t line = 0;  ///< from 1 on, in that file
  std::uint64_t n = 0;     ///< of the record; 0: not known
  AccessFault fault = AccessFault::malformed;
  std::string text;
};

struct AccessReport : AllOptional {
  bool good = true;
  std::uint64_t lines = 0;
  std::uint64_t first = 0;     ///< n of the first record; above 1 when older files were let go
  std::uint64_t last = 0;      ///< n of the newest
  std::uint64_t unproved = 0;  ///< lines whose seal could not be checked: no key here, or sealed with another
  bool end_checked = false;    ///< against the journal
  std::vector<AccessFinding> findings;
};

BOOST_DESCRIBE_STRUCT(AccessFinding, (), (file, line, n, fault, text))
BOOST_DESCRIBE_STRUCT(AccessReport, (), (good, lines, first, last, unproved, end_checked, findings))

}  // namespace quay::protocol
