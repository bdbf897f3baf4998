// SPDX-License-Identifier: Apache-2.0
#include "identity/qr_payload.hpp"

#include "base/encoding.hpp"
#include "identity/card_number.hpp"
#include "identity/name.hpp"

namespace quay::identity {
namespace {

constexpr std::size_t kFields = 7;
constexpr std::size_t kMostFields = 64;
constexpr std::size_t kNumberDigits = 12;

auto malformed(const char* what) { return failure(Errc::card_qr_malformed, "card.qr", what); }

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> fields;
  for (;;) {
    const std::size_t bar = text.find('|');
    fields.push_back(text.substr(0, bar));
    if (bar == std::string_view::npos || fields.size() > kMostFields) {
      return fields;
    }
    text.remove_prefix(bar + 1);
  }
}

}  // namespace

Result<QrPayload> parse_qr(std::string_view text) {
  if (text.size() > kLongestPayload || !is_utf8(text)) {
    return malformed("no text of a QR code");
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  const std::vector<std::string_view> fields = split(text);
  if (fields.size() < kFields || fields.size() > kMostFields) {
    return malformed("seven fields or more were expected");
  }
  if (!is_digits(fields[0], kNumberDigits)) {
    return malformed("field 1: twelve digits were expected");
  }
  if (!fields[1].empty() && !is_digits(fields[1], 9) && !is_digits(fields[1], kNumberDigits)) {
    return malformed("field 2: nothing, nine or twelve digits were expected");
  }
  const auto birth = parse_written(fields[3]);
  const auto issued = parse_written(fields[6]);
  if (fields[2].empty() || !birth || (!issued && !fields[6].empty())) {
    return malformed("fields 3, 4 and 7: a name and two dates were expected");
  }
  QrPayload payload;
  payload.number = fields[0];
  payload.old_number = fields[1];
  payload.name = to_nfc(fields[2]);
  payload.birth = *birth;
  payload.sex = to_nfc(fields[4]);
  payload.residence = to_nfc(fields[5]);
  payload.issued = issued;
  payload.rest.assign(fields.begin() + kFields, fields.end());
  return payload;
}

}  // namespace quay::identity
