// SPDX-License-Identifier: Apache-2.0
#include "crypto/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>

#include "crypto/hex.hpp"

namespace quay::crypto {

void Sha256::Free::operator()(evp_md_ctx_st* context) const { ::EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(::EVP_MD_CTX_new()) {
  // The digest is built into the default provider: only memory can be missing here.
  if (!context_ || ::EVP_DigestInit_ex(context_.get(), ::EVP_sha256(), nullptr) != 1) {
    throw std::bad_alloc();
  }
}

void Sha256::update(std::span<const std::uint8_t> bytes) {
  ::EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

std::string Sha256::hex() {
  std::array<std::uint8_t, 32> digest{};
  ::EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
  return to_hex(digest);
}

std::string sha256_hex(std::span<const std::uint8_t> bytes) {
  Sha256 digest;
  digest.update(bytes);
  return digest.hex();
}

std::string sha256_hex(std::string_view text) {
  return sha256_hex(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

}  // namespace quay::crypto
