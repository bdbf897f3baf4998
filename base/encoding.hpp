// SPDX-License-Identifier: Apache-2.0
// Bytes of unknown meaning on their way into JSON text: are they UTF-8, and if not, how they are spelled.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace quay {

/// Well-formed UTF-8 (RFC 3629): no overlong form, no surrogate, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

/// Base 64 with padding (RFC 4648 section 4).
std::string to_base64(std::span<const std::uint8_t> bytes);
/// Nothing for what is not exactly that.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace quay
