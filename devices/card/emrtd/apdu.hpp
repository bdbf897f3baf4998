// SPDX-License-Identifier: Apache-2.0
// Command and response APDUs (ISO/IEC 7816-4 section 5, encoded as ISO/IEC 7816-3 section 12.1 says). Values only.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.hpp"
#include "devices/card/emrtd/bytes.hpp"

namespace quay::emrtd {

inline constexpr std::size_t kShortest = 256;   ///< the longest answer that a short command can ask for, in bytes
inline constexpr std::size_t kLongest = 65536;  ///< the longest answer that an extended command can ask for

struct CommandApdu {
  std::uint8_t cla = 0, ins = 0, p1 = 0, p2 = 0;
  Bytes data{};                           ///< at most 65535 bytes
  std::optional<std::size_t> expected{};  ///< Ne: the longest answer wanted, 1 to 65536; none: no answer data wanted
};

/// SW1 and SW2 as one number: 0x9000 is success.
using StatusWord = std::uint16_t;

inline constexpr StatusWord kSuccess = 0x9000;
inline constexpr StatusWord kEndOfFile = 0x6282;  ///< fewer bytes than asked for
inline constexpr StatusWord kWrongLength = 0x6700;
inline constexpr StatusWord kSecurityStatus = 0x6982;  ///< not allowed in this state
inline constexpr StatusWord kFileNotFound = 0x6A82;
inline constexpr StatusWord kWrongOffset = 0x6B00;

struct ResponseApdu {
  Bytes data{};
  StatusWord status = 0;

  bool ok() const { return status == kSuccess; }
};

/// The bytes that go to the card: short where data and answer fit 255 and 256 bytes, extended otherwise.
/// Errors: bug when data or answer are longer than an extended command can carry.
Result<Bytes> encode(const CommandApdu& command);

/// What came from the card. Errors: card_protocol when there are less than two bytes.
Result<ResponseApdu> parse_response(View bytes);

/// "6A82 in answer to READ BINARY" and so on: an Error that names the status word, never the data.
/// Code: card_protocol unless the status word says something of its own.
Error status_error(const char* operation, StatusWord status);

}  // namespace quay::emrtd
