// SPDX-License-Identifier: Apache-2.0
#include "devices/card/field_filter.hpp"

#include <algorithm>
#include <array>

#include "identity/name.hpp"
#include "identity/sex.hpp"

namespace quay::card {

using protocol::CardField;
using protocol::CardMatch;
using protocol::CardValues;

namespace {

/// Numbers of DG13's fields (devices/card/emrtd/data_groups.hpp).
constexpr int kNumber = 1;
constexpr int kName = 2;
constexpr int kBirth = 3;
constexpr int kSex = 4;
constexpr int kNationality = 5;
constexpr int kEthnicity = 6;
constexpr int kReligion = 7;
constexpr int kOrigin = 8;
constexpr int kResidence = 9;
constexpr int kMarks = 10;
constexpr int kIssue = 11;
constexpr int kExpiry = 12;
constexpr int kParents = 13;
constexpr int kSpouse = 14;
constexpr int kOldNumber = 15;
constexpr int kOpaque = 16;

constexpr std::array kOfDetails{CardField::name,      CardField::issue_date,   CardField::old_number,
                                CardField::ethnicity, CardField::religion,     CardField::origin,
                                CardField::residence, CardField::marks,        CardField::parents,
                                CardField::spouse,    CardField::other_numbers};

std::vector<std::string> texts(const emrtd::VietnameseFields& fields, int number) {
  const auto found = fields.find(number);
  std::vector<std::string> all = found == fields.end() ? std::vector<std::string>() : found->second;
  std::transform(all.begin(), all.end(), all.begin(), [](const std::string& one) { return identity::to_nfc(one); });
  return all;
}

std::string text(const emrtd::VietnameseFields& fields, int number) {
  const auto all = texts(fields, number);
  return all.empty() ? "" : all.front();
}

/// "12/05/1990" -> "1990-05-12"; what is no date stays as it is written ("Không thời hạn").
std::string day(const std::string& written) {
  const auto date = identity::parse_written(written);
  return date ? identity::iso(*date) : written;
}

CardMatch match(identity::Match match) {
  switch (match) {
    case identity::Match::agrees: return CardMatch::agrees;
    case identity::Match::differs: return CardMatch::differs;
    case identity::Match::unknown: break;
  }
  return CardMatch::unknown;
}

}  // namespace

bool FieldFilter::wants(CardField field) const {
  return std::find(wanted_.begin(), wanted_.end(), field) != wanted_.end();
}

bool FieldFilter::wants_details() const {
  return std::any_of(kOfDetails.begin(), kOfDetails.end(), [this](CardField field) { return wants(field); });
}

void FieldFilter::keep(std::optional<std::string>& into, CardField field, const std::string& value) const {
  if (wants(field) && !value.empty()) {
    into = value;
  }
}

CardValues FieldFilter::of_zone(const identity::Zone& zone, const std::string& text) const {
  CardValues values;
  keep(values.number, CardField::number, zone.number);
  keep(values.name, CardField::name, zone.name);
  keep(values.birth_date, CardField::birth_date, identity::iso(zone.birth));
  keep(values.sex, CardField::sex, zone.sex);
  keep(values.nationality, CardField::nationality, zone.nationality);
  keep(values.expiry_date, CardField::expiry_date, zone.expiry ? identity::iso(*zone.expiry) : "");
  keep(values.zone, CardField::zone, text.substr(0, 30) + "\n" + text.substr(30, 30) + "\n" + text.substr(60));
  return values;
}

CardValues FieldFilter::of_details(const emrtd::VietnameseFields& fields) const {
  CardValues values;
  keep(values.number, CardField::number, text(fields, kNumber));
  keep(values.name, CardField::name, text(fields, kName));
  keep(values.birth_date, CardField::birth_date, day(text(fields, kBirth)));
  keep(values.sex, CardField::sex, identity::sex_of(text(fields, kSex)));
  keep(values.nationality, CardField::nationality, text(fields, kNationality));
  keep(values.ethnicity, CardField::ethnicity, text(fields, kEthnicity));
  keep(values.religion, CardField::religion, text(fields, kReligion));
  keep(values.origin, CardField::origin, text(fields, kOrigin));
  keep(values.residence, CardField::residence, text(fields, kResidence));
  keep(values.marks, CardField::marks, text(fields, kMarks));
  keep(values.issue_date, CardField::issue_date, day(text(fields, kIssue)));
  keep(values.expiry_date, CardField::expiry_date, day(text(fields, kExpiry)));
  keep(values.spouse, CardField::spouse, text(fields, kSpouse));
  keep(values.old_number, CardField::old_number, text(fields, kOldNumber));
  if (wants(CardField::parents)) {
    values.parents = texts(fields, kParents);
  }
  if (wants(CardField::other_numbers)) {
    values.other_numbers = texts(fields, kOpaque);
  }
  return values;
}

identity::Facts facts_of(const identity::Zone& zone) {
  return {zone.number, zone.name, zone.name_is_whole, zone.birth, zone.expiry};
}

identity::Facts facts_of(const emrtd::VietnameseFields& fields) {
  return {text(fields, kNumber), text(fields, kName), true, identity::parse_written(text(fields, kBirth)),
          identity::parse_written(text(fields, kExpiry))};
}

protocol::CardCheck check_of(std::string between, const identity::Facts& left, const identity::Facts& right) {
  const identity::Matches matches = identity::compare(left, right);
  return {
      {}, std::move(between), match(matches.number), match(matches.name), match(matches.birth), match(matches.expiry)};
}

}  // namespace quay::card
