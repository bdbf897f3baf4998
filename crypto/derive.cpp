// SPDX-License-Identifier: Apache-2.0
#include "crypto/derive.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <array>
#include <memory>

#include "crypto/aead.hpp"
#include "crypto/hex.hpp"

namespace quay::crypto {
namespace {

struct FreeKdf {
  void operator()(EVP_KDF* kdf) const { ::EVP_KDF_free(kdf); }
  void operator()(EVP_KDF_CTX* context) const { ::EVP_KDF_CTX_free(context); }
};

/// OpenSSL's parameters want pointers to mutable bytes that they do not change.
void* bytes_of(const void* data) { return const_cast<void*>(data); }

}  // namespace

Result<Secret> derive_key(std::span<const std::uint8_t> key, std::span<const std::uint8_t> salt,
                          std::string_view info) {
  Result<Secret> derived = Secret::create(kKeyBytes);
  if (!derived) {
    return derived;
  }
  constexpr std::array<std::uint8_t, kKeyBytes> kNoSalt{};  // RFC 5869 section 2.2
  if (salt.empty()) {
    salt = kNoSalt;
  }
  const std::unique_ptr<EVP_KDF, FreeKdf> kdf(::EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const std::unique_ptr<EVP_KDF_CTX, FreeKdf> context(kdf ? ::EVP_KDF_CTX_new(kdf.get()) : nullptr);
  std::string digest = "SHA256";
  const std::array<OSSL_PARAM, 5> parameters{
      ::OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      ::OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, bytes_of(key.data()), key.size()),
      ::OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, bytes_of(salt.data()), salt.size()),
      ::OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, bytes_of(info.data()), info.size()),
      ::OSSL_PARAM_construct_end()};
  const auto out = derived->bytes();
  if (!context || ::EVP_KDF_derive(context.get(), out.data(), out.size(), parameters.data()) != 1) {
    return failure(Errc::bug, "derive_key", "OpenSSL refused HKDF");
  }
  return derived;
}

Result<std::string> hmac_hex(std::span<const std::uint8_t> key, std::string_view text) {
  std::array<std::uint8_t, 32> mac{};
  unsigned int size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (::HMAC(::EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, text.size(), mac.data(), &size) ==
      nullptr) {
    return failure(Errc::bug, "hmac", "OpenSSL refused HMAC");
  }
  return to_hex(mac);
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace quay::crypto
