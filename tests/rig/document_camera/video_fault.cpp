// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/document_camera/video_fault.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace quay::rig {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(VideoFaultKind::count_)> kNames = {
    "none",    "busy",    "no-space",   "freeze", "hang",    "half-frame",
    "damaged", "garbage", "dark-start", "hunt",   "blurred", "other-size"};
constexpr std::array<std::string_view, static_cast<std::size_t>(VideoOperation::count_)> kOperations = {
    "none", "querycap", "s_fmt", "reqbufs", "streamon", "dqbuf", "streamoff"};

bool read_number(std::string_view text, int& into) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return error == std::errc{} && end == text.data() + text.size();
}

bool read_field(std::string_view word, VideoFault& fault) {
  if (word.starts_with("op=")) {
    const auto* found = std::find(kOperations.begin(), kOperations.end(), word.substr(3));
    fault.operation = static_cast<VideoOperation>(found - kOperations.begin());
    return found != kOperations.end();
  }
  if (word.starts_with("above=")) {
    return read_number(word.substr(6), fault.above);
  }
  return word.starts_with("after=") && read_number(word.substr(6), fault.after);
}

}  // namespace

Result<VideoFault> parse_video_fault(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string word;
  words >> word;
  const auto* name = std::find(kNames.begin(), kNames.end(), word);
  if (name == kNames.end()) {
    return failure(Errc::usage, "rig.fault",
                   fmt::format("unknown fault '{}': expected one of {}", word, fmt::join(kNames, " ")));
  }
  VideoFault fault{static_cast<VideoFaultKind>(name - kNames.begin())};
  while (words >> word) {
    if (!read_field(word, fault)) {
      return failure(Errc::usage, "rig.fault",
                     fmt::format("cannot read '{}': expected op={}, above=PIXELS or after=FRAMES", word,
                                 fmt::join(kOperations, "|")));
    }
  }
  return fault;
}

}  // namespace quay::rig
