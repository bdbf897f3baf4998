// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/access_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "devices/card/emrtd/cipher.hpp"

namespace quay::emrtd {
namespace {

constexpr std::size_t kCanDigits = 6, kNumberDigits = 12, kDocumentNumber = 9, kDate = 6;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

View octets(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

std::optional<int> value_of(char c) {
  if (is_digit(c)) {
    return c - '0';
  }
  if (c >= 'A' && c <= 'Z') {
    return c - 'A' + 10;
  }
  return c == '<' ? std::optional(0) : std::nullopt;
}

}  // namespace

std::optional<char> check_digit(std::string_view text) {
  constexpr std::array kWeights{7, 3, 1};
  int sum = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::optional<int> value = value_of(text[i]);
    if (!value) {
      return std::nullopt;
    }
    sum += *value * kWeights[i % kWeights.size()];
  }
  return static_cast<char>('0' + sum % 10);
}

Result<Password> can_password(std::string_view can_or_number) {
  const std::size_t size = can_or_number.size();
  if ((size != kCanDigits && size != kNumberDigits) || !all_digits(can_or_number)) {
    return failure(Errc::card_key_missing, "card.key", fmt::format("{} characters, expected 6 or 12 digits", size));
  }
  return Password{PasswordKind::can, to_bytes(octets(can_or_number.substr(size - kCanDigits)))};
}

Result<std::string> mrz_information(const MrzKey& key) {
  if (key.document_number.empty() || key.document_number.size() > kDocumentNumber || key.birth_date.size() != kDate ||
      key.expiry_date.size() != kDate || !all_digits(key.birth_date) || !all_digits(key.expiry_date)) {
    return failure(Errc::card_key_missing, "card.key", "expected a document number and two dates of six digits");
  }
  std::string number = key.document_number;
  number.resize(kDocumentNumber, '<');
  std::string out;
  for (const std::string& part : {number, key.birth_date, key.expiry_date}) {
    const std::optional<char> digit = check_digit(part);
    if (!digit) {
      return failure(Errc::card_key_missing, "card.key", "a character that no machine-readable zone has");
    }
    out += part + *digit;
  }
  return out;
}

Result<Password> mrz_password(const MrzKey& key) {
  const auto information = mrz_information(key);
  auto secret = information ? sha1(octets(*information)) : tl::unexpected(information.error());
  if (!secret) {
    return tl::unexpected(secret.error());
  }
  return Password{PasswordKind::mrz, std::move(*secret)};
}

}  // namespace quay::emrtd
