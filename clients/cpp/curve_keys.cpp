// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/curve_keys.hpp"

#include <array>
#include <cstdint>

#include <zmq.hpp>

namespace quay::client {

namespace {

constexpr std::size_t kLetters = 40;
using Letters = std::array<char, kLetters + 1>;

}  // namespace

Result<KeyPair> make_key_pair() {
  Letters public_key{};
  Letters secret_key{};
  if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0) {
    return failure(Errc::device_unsupported, "zmq_curve_keypair", "this libzmq was built without CURVE");
  }
  return KeyPair{public_key.data(), secret_key.data()};
}

bool is_curve_key(const std::string& key) {
  std::array<std::uint8_t, 32> bytes{};
  return key.size() == kLetters && zmq_z85_decode(bytes.data(), key.c_str()) != nullptr;
}

std::optional<std::string> public_key_of(const std::string& secret_key) {
  Letters public_key{};
  const bool made = is_curve_key(secret_key) && zmq_curve_public(public_key.data(), secret_key.c_str()) == 0;
  return made ? std::optional<std::string>(public_key.data()) : std::nullopt;
}

}  // namespace quay::client
