// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/card/card_fault.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace quay::rig::card {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(FaultKind::count_)> kNames = {"none", "torn", "mute",
                                                                                              "status", "garble"};

template <class Number>
bool read_number(std::string_view text, int base, Number& into) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into, base);
  return error == std::errc{} && end == text.data() + text.size();
}

bool read_field(std::string_view word, Fault& fault) {
  if (word.starts_with("at=")) {
    return read_number(word.substr(3), 10, fault.at) && fault.at > 0;
  }
  return word.starts_with("sw=") && read_number(word.substr(3), 16, fault.sw);
}

}  // namespace

Result<Fault> parse_card_fault(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string word;
  words >> word;
  const auto* name = std::find(kNames.begin(), kNames.end(), word);
  if (name == kNames.end()) {
    return failure(Errc::usage, "rig.fault",
                   fmt::format("unknown fault '{}': expected one of {}", word, fmt::join(kNames, " ")));
  }
  Fault fault{static_cast<FaultKind>(name - kNames.begin())};
  while (words >> word) {
    if (!read_field(word, fault)) {
      return failure(Errc::usage, "rig.fault", fmt::format("cannot read '{}': expected at=N or sw=HHHH", word));
    }
  }
  return fault;
}

}  // namespace quay::rig::card
