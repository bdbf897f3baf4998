// SPDX-License-Identifier: Apache-2.0
// What an operator counts: metrics.get (how the daemon is, for a monitoring system) and usage.get (what the counter
// did, day by day, for reports). Neither says anything of a citizen or names a visit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/json/reader.hpp"

namespace quay::protocol {

/// Prometheus text exposition format 0.0.4.
struct MetricsResult : AllOptional {
  std::string content_type;
  std::string text;
};

/// usage.get: local days, "yyyy-mm-dd", both included, at most 31.
struct UsageArguments : AllRequired {
  std::string from;
  std::string to;
};

/// One number of one day. The same in the journal, in usage.get and in a line of a report's CSV; docs/reports.md says
/// which measures there are and what their labels are.
struct UsageRow : AllOptional {
  std::string day;
  std::string measure;
  std::string label;
  std::int64_t value = 0;
};

struct UsageResult : AllOptional {
  std::vector<UsageRow> rows;  ///< by day, measure, label
};

/// Names of measures, one place. A value is a sum unless said otherwise.
namespace measure {
inline constexpr const char* kVisits = "visits";  ///< label: done | abandoned | empty
inline constexpr const char* kVisitSeconds =
    "visit_seconds";                                  ///< done visits by "capture/processing/waiting" in seconds
inline constexpr const char* kCitizens = "citizens";  ///< distinct identity numbers of the day
inline constexpr const char* kPages = "pages";        ///< label: adf, adf_duplex, flatbed, camera, ...
inline constexpr const char* kRescans = "rescans";    ///< pages set aside or replaced; label: why
inline constexpr const char* kBytesIn = "bytes_in";
inline constexpr const char* kBytesOut = "bytes_out";
inline constexpr const char* kFailures = "failures";          ///< label: device/code
inline constexpr const char* kPrints = "prints";              ///< label: state of the print's job
inline constexpr const char* kFirstMinute = "opened_minute";  ///< the least: first visit, minutes since midnight
inline constexpr const char* kLastMinute = "closed_minute";   ///< the most: end of the last visit
inline constexpr const char* kUncounted = "uncounted";        ///< visits of which nothing could be counted
}  // namespace measure

BOOST_DESCRIBE_STRUCT(MetricsResult, (), (content_type, text))
BOOST_DESCRIBE_STRUCT(UsageArguments, (), (from, to))
BOOST_DESCRIBE_STRUCT(UsageRow, (), (day, measure, label, value))
BOOST_DESCRIBE_STRUCT(UsageResult, (), (rows))

}  // namespace quay::protocol
