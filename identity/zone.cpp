// SPDX-License-Identifier: Apache-2.0
#include "identity/zone.hpp"

#include <algorithm>

#include "identity/card_number.hpp"
#include "identity/name.hpp"

namespace quay::identity {
namespace {

constexpr std::size_t kLine = 30;
/// A card of today ends in fifty years at most.
constexpr int kLongestValidity = 50;

bool is_zone_character(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '<'; }

std::string without_filler(std::string_view text) {
  const std::size_t end = text.find_last_not_of('<');
  return std::string(text.substr(0, end == std::string_view::npos ? 0 : end + 1));
}

bool holds(std::string_view text, char digit) { return check_digit(text) == digit; }

bool all_hold(std::string_view first, std::string_view second) {
  const std::string composite = std::string(first.substr(5, 25)) + std::string(second.substr(0, 7)) +
                                std::string(second.substr(8, 7)) + std::string(second.substr(18, 11));
  return holds(first.substr(5, 9), first[14]) && holds(second.substr(0, 6), second[6]) &&
         holds(second.substr(8, 6), second[14]) && holds(composite, second[29]);
}

}  // namespace

Result<Zone> parse_zone_td1(std::string_view text, const Date& today) {
  if (text.size() != 3 * kLine || !std::all_of(text.begin(), text.end(), is_zone_character)) {
    return failure(Errc::card_data_malformed, "card.zone", "three lines of thirty characters were expected");
  }
  const std::string_view first = text.substr(0, kLine);
  const std::string_view second = text.substr(kLine, kLine);
  const std::string_view third = text.substr(2 * kLine);
  const auto birth = parse_zone(second.substr(0, 6), today);
  if (!birth) {
    return failure(Errc::card_data_malformed, "card.zone", "no date of birth");
  }
  Zone zone;
  zone.document_number = without_filler(first.substr(5, 9));
  const std::string_view personal = first.substr(15, 12);
  zone.number = is_digits(personal, 12) ? std::string(personal) : "";
  zone.state = without_filler(first.substr(2, 3));
  zone.nationality = without_filler(second.substr(15, 3));
  zone.sex = second[7] == 'M' || second[7] == 'F' ? std::string(1, second[7]) : "X";
  zone.birth = *birth;
  const std::string_view expiry = second.substr(8, 6);
  zone.expiry = expiry == kNoEnd ? std::nullopt : parse_zone(expiry, {today.year + kLongestValidity, 12, 31});
  zone.name = fold_name(third);
  zone.name_is_whole = third.back() == '<';
  zone.check_digits_hold = all_hold(first, second);
  return zone;
}

}  // namespace quay::identity
