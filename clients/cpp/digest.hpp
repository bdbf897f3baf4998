// SPDX-License-Identifier: Apache-2.0
// SHA-256 of what came over the wire. The only thing in the client that knows OpenSSL.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace quay::client {

/// 64 lower-case hex digits.
std::string sha256_hex(const std::vector<std::uint8_t>& bytes);

}  // namespace quay::client
