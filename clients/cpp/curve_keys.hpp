// SPDX-License-Identifier: Apache-2.0
// A pair of CURVE keys (ZeroMQ RFC 26) for quayd's sockets on 127.0.0.1.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"

namespace quay::client {

/// Both in Z85 (RFC 32), 40 characters.
struct KeyPair {
  std::string public_key;
  std::string secret_key;
};

/// Errors: device_unsupported when this libzmq was built without CURVE.
Result<KeyPair> make_key_pair();

/// Is it spelt like a key? Says nothing about whose.
bool is_curve_key(const std::string& key);

/// Nothing when `secret_key` is none.
std::optional<std::string> public_key_of(const std::string& secret_key);

}  // namespace quay::client
