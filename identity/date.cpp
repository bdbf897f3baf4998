// SPDX-License-Identifier: Apache-2.0
#include "identity/date.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

namespace quay::identity {
namespace {

constexpr int kBirthdays[] = {14, 25, 40, 60};

std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    value = value * 10 + (c - '0');
  }
  return text.empty() ? std::nullopt : std::optional(value);
}

std::optional<Date> checked(std::optional<int> year, std::optional<int> month, std::optional<int> day) {
  if (!year || !month || !day) {
    return std::nullopt;
  }
  const std::chrono::year_month_day calendar{std::chrono::year(*year),
                                             std::chrono::month(static_cast<unsigned>(*month)),
                                             std::chrono::day(static_cast<unsigned>(*day))};
  return calendar.ok() && *year >= 1800 && *year < 2200 ? std::optional(Date{*year, *month, *day}) : std::nullopt;
}

}  // namespace

std::optional<Date> parse_day_month_year(std::string_view text) {
  return text.size() == 8 ? checked(digits(text.substr(4)), digits(text.substr(2, 2)), digits(text.substr(0, 2)))
                          : std::nullopt;
}

std::optional<Date> parse_written(std::string_view text) {
  const bool parted = text.size() == 10 && (text[2] == '/' || text[2] == '-') && text[5] == text[2];
  return parted ? checked(digits(text.substr(6)), digits(text.substr(3, 2)), digits(text.substr(0, 2)))
                : parse_day_month_year(text);
}

std::optional<Date> parse_iso(std::string_view text) {
  const bool parted = text.size() == 10 && text[4] == '-' && text[7] == '-';
  return parted ? checked(digits(text.substr(0, 4)), digits(text.substr(5, 2)), digits(text.substr(8))) : std::nullopt;
}

std::optional<Date> parse_zone(std::string_view text, const Date& latest) {
  if (text.size() != 6) {
    return std::nullopt;
  }
  const auto short_year = digits(text.substr(0, 2));
  for (int century = latest.year / 100; short_year && century >= latest.year / 100 - 1; --century) {
    const auto date = checked(century * 100 + *short_year, digits(text.substr(2, 2)), digits(text.substr(4)));
    if (date && *date <= latest) {
      return date;
    }
  }
  return std::nullopt;
}

std::string iso(const Date& date) { return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day); }

std::string zone_spelling(const Date& date) {
  return fmt::format("{:02}{:02}{:02}", date.year % 100, date.month, date.day);
}

std::vector<Date> possible_expiries(const Date& birth, const std::optional<Date>& issued) {
  std::vector<Date> days;
  for (const int years : kBirthdays) {
    Date day{birth.year + years, birth.month, birth.day};
    if (!checked(day.year, day.month, day.day)) {
      day.day = 28;
    }
    if (!issued || day > *issued) {
      days.push_back(day);
    }
  }
  return days;
}

bool may_have_no_end(const Date& birth, const std::optional<Date>& issued) {
  constexpr int kLastBirthday = 60, kCloseToIt = 2;
  return !issued || *issued >= Date{birth.year + kLastBirthday - kCloseToIt, birth.month, birth.day};
}

}  // namespace quay::identity
