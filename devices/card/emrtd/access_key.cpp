// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/access_key.hpp"

#include <fmt/format.h>

#include "devices/card/emrtd/cipher.hpp"
#include "identity/card_number.hpp"

namespace quay::emrtd {
namespace {

constexpr std::size_t kCanDigits = 6, kNumberDigits = 12, kDocumentNumber = 9, kDate = 6;

View octets(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

}  // namespace

Result<Password> can_password(std::string_view can_or_number) {
  if (!identity::is_digits(can_or_number, kCanDigits) && !identity::is_digits(can_or_number, kNumberDigits)) {
    return failure(Errc::card_key_missing, "card.key",
                   fmt::format("{} characters, expected 6 or 12 digits", can_or_number.size()));
  }
  return Password{PasswordKind::can, to_bytes(octets(identity::can_of(can_or_number)))};
}

Result<std::string> mrz_information(const MrzKey& key) {
  if (key.document_number.empty() || key.document_number.size() > kDocumentNumber ||
      !identity::is_digits(key.birth_date, kDate) || !identity::is_digits(key.expiry_date, kDate)) {
    return failure(Errc::card_key_missing, "card.key", "expected a document number and two dates of six digits");
  }
  std::string number = key.document_number;
  number.resize(kDocumentNumber, '<');
  std::string out;
  for (const std::string& part : {number, key.birth_date, key.expiry_date}) {
    const std::optional<char> digit = identity::check_digit(part);
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
