// SPDX-License-Identifier: Apache-2.0
// The language of faults that every simulator understands: a kind, then fields such as "at=12".
#pragma once

#include <algorithm>
#include <charconv>
#include <span>
#include <sstream>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/result.hpp"

namespace quay::rig {

/// The whole of `text` as a number.
template <class Number>
bool read_number(std::string_view text, Number& into, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into, base);
  return error == std::errc{} && end == text.data() + text.size();
}

/// What a simulator makes of the words: names of its kinds in their order, and the fields they take, for people.
struct FaultWords {
  std::span<const std::string_view> kinds;
  std::string fields;
};

/// `read_field(word, fault)` takes a field or says false. Errors: usage, naming the word and what was expected.
template <class Fault, class ReadField>
Result<Fault> parse_fault(std::string_view text, const FaultWords& known, ReadField read_field) {
  std::istringstream words{std::string(text)};
  std::string word;
  words >> word;
  const auto name = std::find(known.kinds.begin(), known.kinds.end(), word);
  if (name == known.kinds.end()) {
    return failure(Errc::usage, "rig.fault",
                   fmt::format("unknown fault '{}': expected one of {}", word, fmt::join(known.kinds, " ")));
  }
  Fault fault{static_cast<decltype(Fault::kind)>(name - known.kinds.begin())};
  while (words >> word) {
    if (!read_field(word, fault)) {
      return failure(Errc::usage, "rig.fault", fmt::format("cannot read '{}': expected {}", word, known.fields));
    }
  }
  return fault;
}

}  // namespace quay::rig
