// SPDX-License-Identifier: Apache-2.0
// Command and response APDUs as a card sees them. ISO/IEC 7816-4 section 5.
#pragma once

#include <optional>

#include "tests/rig/card/bytes.hpp"

namespace quay::rig::card {

/// Status words that the simulated card gives.
enum class StatusWord : std::uint16_t {
  good = 0x9000,
  end_of_file = 0x6282,
  no_information = 0x6300,
  wrong_length = 0x6700,
  secure_messaging_missing = 0x6987,
  secure_messaging_wrong = 0x6988,
  security = 0x6982,
  conditions = 0x6985,
  no_current_file = 0x6986,
  wrong_data = 0x6A80,
  not_found = 0x6A82,
  wrong_offset = 0x6B00,
  unknown_instruction = 0x6D00,
};

struct Command {
  std::uint8_t cla = 0;
  std::uint8_t ins = 0;
  std::uint8_t p1 = 0;
  std::uint8_t p2 = 0;
  Bytes data;
  std::optional<std::size_t> le;  ///< 256 or 65536 for a zero
  bool extended = false;          ///< lengths of three bytes

  std::uint16_t p1p2() const { return static_cast<std::uint16_t>(p1 << 8 | p2); }
};

struct Response {
  Bytes data;
  std::uint16_t sw = 0x9000;

  static Response of(StatusWord status) { return {{}, static_cast<std::uint16_t>(status)}; }
};

/// Nothing for what is no APDU.
std::optional<Command> parse_command(View bytes);

Bytes encode(const Response& response);

}  // namespace quay::rig::card
