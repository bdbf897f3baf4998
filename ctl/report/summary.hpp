// SPDX-License-Identifier: Apache-2.0
// The figures of a report out of its rows. Exact: a median over many points is that of all their visits, not of
// medians.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ctl/report/table.hpp"

namespace quay::ctl::report {

/// Seconds; nearest rank. 0 when nothing was measured.
struct Spread {
  std::int64_t median = 0;
  std::int64_t p90 = 0;
  bool operator==(const Spread&) const = default;
};

/// So many visits took so many seconds each.
using Durations = std::map<std::int64_t, std::int64_t>;
Spread spread_of(const Durations& durations);

struct Timing {
  Spread whole;
  Spread capture;
  Spread processing;
  Spread waiting;
};

struct Figures {
  std::map<std::string, std::int64_t> visits;  ///< done, abandoned, empty
  std::int64_t citizens = 0;                   ///< of each day, added up
  std::map<std::string, std::int64_t> pages;   ///< by source
  std::map<std::string, std::int64_t> rescans;
  std::map<std::string, std::int64_t> failures;  ///< device/code
  std::map<std::string, std::int64_t> prints;
  std::int64_t bytes_in = 0;
  std::int64_t bytes_out = 0;
  std::int64_t uncounted = 0;
  std::int64_t open_minutes = 0;  ///< first visit to last, of each point and day
  std::int64_t open_days = 0;     ///< of each point, with a visit
  Timing timing;

  std::int64_t all_visits() const;
  std::int64_t all_pages() const;
};

struct Summary {
  Figures whole;
  std::map<std::string, Figures> points;
  std::map<std::string, Figures> days;
};

Summary summarise(const std::vector<Row>& rows);

/// The sum of all values.
std::int64_t total(const std::map<std::string, std::int64_t>& counts);

}  // namespace quay::ctl::report
