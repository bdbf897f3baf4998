// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/card/card_fault.hpp"

#include <array>

#include "tests/rig/control/fault_words.hpp"

namespace quay::rig::card {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(FaultKind::count_)> kNames = {"none", "torn", "mute",
                                                                                              "status", "garble"};

bool read_field(std::string_view word, Fault& fault) {
  if (word.starts_with("at=")) {
    return read_number(word.substr(3), fault.at) && fault.at > 0;
  }
  return word.starts_with("sw=") && read_number(word.substr(3), fault.sw, 16);
}

}  // namespace

Result<Fault> parse_card_fault(std::string_view text) {
  return parse_fault<Fault>(text, {kNames, "at=N or sw=HHHH"}, read_field);
}

}  // namespace quay::rig::card
