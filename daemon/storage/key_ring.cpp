// SPDX-License-Identifier: Apache-2.0
#include "daemon/storage/key_ring.hpp"

#include <array>

#include "crypto/aead.hpp"
#include "crypto/derive.hpp"
#include "crypto/hex.hpp"

namespace quay::daemon::storage {
namespace {

// A wrapped key is, in hex: version (1 byte), salt (32), sealed key (32 + 16). The salt and whose it is make a wrapping
// key that wraps this one key only, so a nonce of zero is never used twice.
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kSealedBytes = crypto::kKeyBytes + crypto::kTagBytes;
constexpr std::size_t kSaltAt = 1;
constexpr std::size_t kSealedAt = kSaltAt + kSaltBytes;
constexpr std::size_t kWrappedBytes = kSealedAt + kSealedBytes;

Result<crypto::Aead> wrapper(crypto::Aead::Way way, const ServiceKey& service_key, const std::string& name,
                             crypto::Bytes salt) {
  const auto key = crypto::derive_key(service_key.wrapping().bytes(), salt, "quay visit key v1 " + name);
  if (!key) {
    return failure(key.error());
  }
  return crypto::Aead::create(way, key->bytes().first<crypto::kKeyBytes>());
}

crypto::Bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Result<std::string> KeyRing::wrap_new(const std::string& name) const {
  std::array<std::uint8_t, kWrappedBytes> wrapped{kVersion};
  const auto salt = std::span(wrapped).subspan<kSaltAt, kSaltBytes>();
  if (Status filled = crypto::fill_random(salt); !filled) {
    return failure(filled.error());
  }
  const auto key = crypto::Secret::random(crypto::kKeyBytes);
  auto aead = wrapper(crypto::Aead::Way::seal, service_key_, name, salt);
  if (!key || !aead) {
    return failure(key ? aead.error() : key.error());
  }
  const auto sealed = std::span(wrapped).subspan<kSealedAt>();
  if (Status done = aead->seal(crypto::Nonce{}, bytes_of(name), key->bytes(), sealed); !done) {
    return failure(done.error());
  }
  return crypto::to_hex(wrapped);
}

Result<crypto::Secret> KeyRing::open(const VisitId& visit) const {
  const auto found = wrapped_.find(visit);
  if (found == wrapped_.end()) {
    return failure(Errc::visit_closed, "key.open", visit.value);
  }
  return unwrap(visit.value, found->second);
}

Result<crypto::Secret> KeyRing::unwrap(const std::string& name, const std::string& text) const {
  const auto wrapped = crypto::from_hex(text);
  if (!wrapped || wrapped->size() != kWrappedBytes || wrapped->front() != kVersion) {
    return failure(Errc::key_unusable, "key.open " + name, "not a wrapped key of version 1");
  }
  const crypto::Bytes bytes(*wrapped);
  auto key = crypto::Secret::create(crypto::kKeyBytes);
  auto aead = wrapper(crypto::Aead::Way::open, service_key_, name, bytes.subspan(kSaltAt, kSaltBytes));
  if (!key || !aead) {
    return failure(key ? aead.error() : key.error());
  }
  const auto genuine = aead->open(crypto::Nonce{}, bytes_of(name), bytes.subspan(kSealedAt), key->bytes());
  if (!genuine) {
    return failure(genuine.error());
  }
  if (!*genuine) {
    return failure(Errc::key_unusable, "key.open " + name, "wrapped by another service key, or damaged");
  }
  return key;
}

}  // namespace quay::daemon::storage
