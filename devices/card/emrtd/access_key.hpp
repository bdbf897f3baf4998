// SPDX-License-Identifier: Apache-2.0
// What opens a chip, and nothing of what is in it: the card access number, or what the machine-readable zone says.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "devices/card/emrtd/bytes.hpp"

namespace quay::emrtd {

/// How PACE calls a password, 9303-11 section 4.4.4.1.
enum class PasswordKind : std::uint8_t { mrz = 1, can = 2 };

struct Password {
  PasswordKind kind = PasswordKind::can;
  Bytes secret{};  ///< f(password) of 9303-11 section 9.7.3: the CAN's digits, or SHA-1 over the zone's information
};

/// The CAN of a Vietnamese card is the end of its 12-digit number. Errors: card_key_missing unless 6 or 12 digits.
Result<Password> can_password(std::string_view can_or_number);

/// What the zone says of the document: its number (9 characters at most), dates as YYMMDD.
struct MrzKey {
  std::string document_number{};
  std::string birth_date{};
  std::string expiry_date{};
};

/// The document number, both dates, each with its check digit: 9303-11 section 9.7.2.
/// Errors: card_key_missing when a part has another form.
Result<std::string> mrz_information(const MrzKey& key);

/// For PACE and for BAC (whose key seed is the secret's first 16 bytes).
Result<Password> mrz_password(const MrzKey& key);

}  // namespace quay::emrtd
