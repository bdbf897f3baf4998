// SPDX-License-Identifier: Apache-2.0
// Shortening text without breaking it: a cut in the middle of a UTF-8 character would make a whole message unreadable
// for a strict reader.
#pragma once

#include <cstddef>
#include <string_view>

namespace quay {

/// The longest beginning of `text` that has at most `most` bytes and ends between two characters (RFC 3629).
constexpr std::string_view cut_utf8(std::string_view text, std::size_t most) {
  if (text.size() <= most) {
    return text;
  }
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
    --end;
  }
  return text.substr(0, end);
}

}  // namespace quay
