// SPDX-License-Identifier: Apache-2.0
// The twelve digits of a Vietnamese identity card, what follows from them, and the check digits of ICAO's zones.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quay::identity {

/// Digits, and so many.
bool is_digits(std::string_view text, std::size_t count);

/// The card access number of a card with this number: its last six digits.
std::string can_of(std::string_view number);

/// The document number in the zone of a card with this number: its last nine digits.
std::string document_number_of(std::string_view number);

/// The check digit of ICAO 9303-3 section 4.9; nothing when there is a character that no zone has.
std::optional<char> check_digit(std::string_view text);

}  // namespace quay::identity
