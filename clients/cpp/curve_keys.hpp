// SPDX-License-Identifier: Apache-2.0
// A pair of CURVE keys (ZeroMQ RFC 26) for quayd's sockets on 127.0.0.1.
#pragma once

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

}  // namespace quay::client
