// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/scanner/fault.hpp"

#include <array>
#include <charconv>
#include <sstream>

#include <fmt/format.h>

namespace quay::rig {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(FaultKind::count_)> kNames = {
    "none",       "stall",     "stall-headers", "mute",      "lost-pages", "jam",      "cover-open",
    "hatch-open", "multipick", "empty",         "post-503",  "post-409",   "post-500", "next-503",
    "truncate",   "drop",      "garbage",       "half-jpeg", "slow",       "unplug"};

std::string all_names() { return fmt::format("{}", fmt::join(kNames, " ")); }

Result<FaultKind> parse_kind(const std::string& word) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == word) {
      return static_cast<FaultKind>(i);
    }
  }
  return failure(Errc::usage, "rig.fault", fmt::format("unknown fault '{}': expected one of {}", word, all_names()));
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && number >= 0;
}

bool read_field(std::string_view word, Fault& fault) {
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos) {
    return false;
  }
  const std::string_view key = word.substr(0, equals);
  const std::string_view value = word.substr(equals + 1);
  if (key == "page") {
    return read_number(value, fault.page);
  }
  if (key == "times") {
    return read_number(value, fault.times);
  }
  return key == "seconds" && read_number(value, fault.seconds);
}

}  // namespace

std::string_view name_of(FaultKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

bool is_feeder_trouble(FaultKind kind) {
  return kind == FaultKind::jam || kind == FaultKind::cover_open || kind == FaultKind::hatch_open ||
         kind == FaultKind::multipick || kind == FaultKind::empty;
}

Result<Fault> parse_fault(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string word;
  words >> word;
  auto kind = parse_kind(word);
  if (!kind) {
    return failure(kind.error());
  }
  Fault fault{*kind};
  while (words >> word) {
    if (!read_field(word, fault)) {
      return failure(Errc::usage, "rig.fault",
                     fmt::format("cannot read '{}': expected page=N, seconds=S or times=N", word));
    }
  }
  return fault;
}

std::string to_text(const Fault& fault) {
  std::string text(name_of(fault.kind));
  if (fault.page > 0) {
    text += fmt::format(" page={}", fault.page);
  }
  if (fault.seconds > 0) {
    text += fmt::format(" seconds={}", fault.seconds);
  }
  if (fault.times > 0) {
    text += fmt::format(" times={}", fault.times);
  }
  return text;
}

}  // namespace quay::rig
