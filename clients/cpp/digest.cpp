// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <string_view>

namespace quay::client {

std::string sha256_hex(const std::vector<std::uint8_t>& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::uint8_t, 32> digest{};
  if (::EVP_Q_digest(nullptr, "SHA256", nullptr, bytes.data(), bytes.size(), digest.data(), nullptr) != 1) {
    return "no digest";
  }
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0x0fU];
  }
  return text;
}

}  // namespace quay::client
