// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/curve_keys.hpp"

#include <array>

#include <zmq.hpp>

namespace quay::client {

Result<KeyPair> make_key_pair() {
  std::array<char, 41> public_key{};
  std::array<char, 41> secret_key{};
  if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0) {
    return failure(Errc::device_unsupported, "zmq_curve_keypair", "this libzmq was built without CURVE");
  }
  return KeyPair{public_key.data(), secret_key.data()};
}

}  // namespace quay::client
