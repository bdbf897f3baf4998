// SPDX-License-Identifier: Apache-2.0
#include "ctl/report/period.hpp"

#include <fmt/format.h>

namespace quay::ctl::report {
namespace {

using std::chrono::months;
using std::chrono::year_month_day;

constexpr std::chrono::days kLongest{3'660};

/// From the first of a month on, so many months.
Period months_from(Day first, int count) {
  const year_month_day after = year_month_day(first) + months(count);
  return {first, Day(after) - std::chrono::days(1), {}};
}

std::optional<Period> year_of(std::string_view text) {
  const auto first = text.size() == 4 ? parse_day(fmt::format("{}-01-01", text)) : std::nullopt;
  return first ? std::optional(months_from(*first, 12)) : std::nullopt;
}

std::optional<Period> quarter_of(std::string_view text) {
  if (text.size() != 7 || text.substr(4, 2) != "-Q" || text[6] < '1' || text[6] > '4') {
    return std::nullopt;
  }
  const auto first = parse_day(fmt::format("{}-{:02}-01", text.substr(0, 4), 3 * (text[6] - '1') + 1));
  return first ? std::optional(months_from(*first, 3)) : std::nullopt;
}

std::optional<Period> month_of(std::string_view text) {
  const auto first = text.size() == 7 ? parse_day(fmt::format("{}-01", text)) : std::nullopt;
  return first ? std::optional(months_from(*first, 1)) : std::nullopt;
}

std::optional<Period> days_of(std::string_view text) {
  const std::size_t dots = text.find("..");
  const auto from = parse_day(text.substr(0, dots));
  const auto to = dots == std::string_view::npos ? from : parse_day(text.substr(dots + 2));
  return from && to && *from <= *to && *to - *from < kLongest ? std::optional(Period{*from, *to, {}}) : std::nullopt;
}

}  // namespace

Result<Period> parse_period(std::string_view text) {
  for (const auto& read : {year_of, quarter_of, month_of, days_of}) {
    if (auto period = read(text)) {
      period->name = text;
      return *std::move(period);
    }
  }
  return failure(Errc::usage, "--period",
                 fmt::format("found \"{}\" where 2026, 2026-Q4, 2026-11, 2026-11-26 or 2026-11-26..2026-11-30 was "
                             "expected",
                             text.substr(0, 64)));
}

}  // namespace quay::ctl::report
