// SPDX-License-Identifier: Apache-2.0
// What the QR code of a Vietnamese identity card says: seven fields or more, parted by '|'. The first seven are known
// by their place; what follows (cards from 2024 on have more) is kept as it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "identity/date.hpp"

namespace quay::identity {

/// Text is NFC.
struct QrPayload {
  std::string number{};      ///< twelve digits
  std::string old_number{};  ///< nine or twelve digits, or nothing
  std::string name{};
  Date birth{};
  std::string sex{};
  std::string residence{};
  std::optional<Date> issued{};  ///< nothing when the field is empty
  std::vector<std::string> rest{};
};

inline constexpr std::size_t kLongestPayload = 4296;  // of a QR code, ISO/IEC 18004 table 7

/// Errors: card_qr_malformed, naming the field and never its value.
Result<QrPayload> parse_qr(std::string_view text);

}  // namespace quay::identity
