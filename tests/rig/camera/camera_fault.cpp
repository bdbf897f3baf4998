// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/camera/camera_fault.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace quay::rig {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(CameraFaultKind::count_)> kNames = {
    "none", "busy", "error", "no-focus",   "store-full", "full-on-shot", "no-complete", "no-object",
    "hang", "drop", "cut",   "short-data", "long-size",  "half-jpeg",    "bad-length"};

bool read_field(std::string_view word, CameraFault& fault) {
  const auto number = [&](std::string_view text, int base, auto& into) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into, base);
    return error == std::errc{} && end == text.data() + text.size();
  };
  if (word.starts_with("op=0x")) {
    return number(word.substr(5), 16, fault.operation);
  }
  if (word.starts_with("at=")) {
    return number(word.substr(3), 10, fault.at) && fault.at > 0;
  }
  return word.starts_with("times=") && number(word.substr(6), 10, fault.times);
}

}  // namespace

Result<CameraFault> parse_camera_fault(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string word;
  words >> word;
  const auto* name = std::find(kNames.begin(), kNames.end(), word);
  if (name == kNames.end()) {
    return failure(Errc::usage, "rig.fault",
                   fmt::format("unknown fault '{}': expected one of {}", word, fmt::join(kNames, " ")));
  }
  CameraFault fault{static_cast<CameraFaultKind>(name - kNames.begin())};
  while (words >> word) {
    if (!read_field(word, fault)) {
      return failure(Errc::usage, "rig.fault",
                     fmt::format("cannot read '{}': expected op=0x1009, at=N or times=N", word));
    }
  }
  return fault;
}

}  // namespace quay::rig
