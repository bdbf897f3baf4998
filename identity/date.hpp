// SPDX-License-Identifier: Apache-2.0
// A day as cards spell it. Only days of the calendar exist here.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quay::identity {

struct Date {
  int year = 0;
  int month = 0;
  int day = 0;

  auto operator<=>(const Date&) const = default;
};

/// "12051990", as the QR code has it.
std::optional<Date> parse_day_month_year(std::string_view text);

/// "12/05/1990" or "12-05-1990", as DG13 has it; also what the QR code has.
std::optional<Date> parse_written(std::string_view text);

/// "1990-05-12".
std::optional<Date> parse_iso(std::string_view text);

/// "900512" of a zone: the century is that which makes it the latest day not after `latest`. ICAO 9303-3 leaves it
/// open.
std::optional<Date> parse_zone(std::string_view text, const Date& latest);

/// "1990-05-12".
std::string iso(const Date& date);

/// "900512".
std::string zone_spelling(const Date& date);

/// What a zone has in place of a day when the card does not end: 31 December of '99, as a day of no century.
inline constexpr std::string_view kNoEnd = "991231";

/// The days on which a Vietnamese card of someone born then may end: the 14th, 25th, 40th and 60th birthday (Law on
/// Identity 26/2023, article 21; 29 February counts as the 28th), those after `issued`.
std::vector<Date> possible_expiries(const Date& birth, const std::optional<Date>& issued);

/// May a card of someone born then have no end? One that is issued within two years of the 60th birthday, or later, has
/// none (the same law, article 21.2).
bool may_have_no_end(const Date& birth, const std::optional<Date>& issued);

}  // namespace quay::identity
