// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/document_camera/video_fault.hpp"

#include <algorithm>
#include <array>

#include <fmt/ranges.h>

#include "tests/rig/control/fault_words.hpp"

namespace quay::rig {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(VideoFaultKind::count_)> kNames = {
    "none",    "busy",    "no-space",   "freeze", "hang",    "pull",      "half-frame",
    "damaged", "garbage", "dark-start", "hunt",   "blurred", "other-size"};
constexpr std::array<std::string_view, static_cast<std::size_t>(VideoOperation::count_)> kOperations = {
    "none", "querycap", "s_fmt", "reqbufs", "streamon", "dqbuf", "streamoff"};

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
  const std::string fields = fmt::format("op={}, above=PIXELS or after=FRAMES", fmt::join(kOperations, "|"));
  return parse_fault<VideoFault>(text, {kNames, fields}, read_field);
}

}  // namespace quay::rig
