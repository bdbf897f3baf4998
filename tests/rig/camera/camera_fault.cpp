// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/camera/camera_fault.hpp"

#include <array>

#include "tests/rig/control/fault_words.hpp"

namespace quay::rig {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(CameraFaultKind::count_)> kNames = {
    "none", "busy", "error", "no-focus",   "store-full", "full-on-shot", "no-complete", "no-object",
    "hang", "drop", "cut",   "short-data", "long-size",  "half-jpeg",    "bad-length"};

bool read_field(std::string_view word, CameraFault& fault) {
  if (word.starts_with("op=0x")) {
    return read_number(word.substr(5), fault.operation, 16);
  }
  if (word.starts_with("at=")) {
    return read_number(word.substr(3), fault.at) && fault.at > 0;
  }
  return word.starts_with("times=") && read_number(word.substr(6), fault.times);
}

}  // namespace

Result<CameraFault> parse_camera_fault(std::string_view text) {
  return parse_fault<CameraFault>(text, {kNames, "op=0x1009, at=N or times=N"}, read_field);
}

}  // namespace quay::rig
