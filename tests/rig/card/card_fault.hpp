// SPDX-License-Identifier: Apache-2.0
// What can be made to go wrong between a reader and the simulated card, and when.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace quay::rig::card {

enum class FaultKind : std::uint8_t {
  none,
  torn,    ///< the card is pulled when APDU `at` arrives; it stays out until `insert`
  mute,    ///< APDU `at` is never answered
  status,  ///< APDU `at` is answered with `sw` and nothing else
  garble,  ///< one bit of the answer to APDU `at` is turned
  count_
};

/// Strikes once. APDUs are counted from 1 since the card was last inserted, or since the fault was ordered.
struct Fault {
  FaultKind kind = FaultKind::none;
  int at = 1;
  std::uint16_t sw = 0x6F00;

  bool operator==(const Fault&) const = default;
};

/// "torn at=12", "status at=3 sw=6A80". Errors: usage, naming the word and what was expected.
Result<Fault> parse_card_fault(std::string_view text);

}  // namespace quay::rig::card
