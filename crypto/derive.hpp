// SPDX-License-Identifier: Apache-2.0
// Keys from keys and proofs from keys: HKDF (RFC 5869) and HMAC (RFC 2104), both with SHA-256.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace quay::crypto {

/// A key of 32 bytes that says nothing of `key` or of keys with another `salt` or `info`. Errors: bug, key_unusable.
Result<Secret> derive_key(std::span<const std::uint8_t> key, std::span<const std::uint8_t> salt, std::string_view info);

/// HMAC-SHA-256 in lower-case hex. Errors: bug.
Result<std::string> hmac_hex(std::span<const std::uint8_t> key, std::string_view text);

/// Compares in a time that does not tell where the two differ.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace quay::crypto
