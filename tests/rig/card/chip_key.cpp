// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/card/chip_key.hpp"

#include <stdexcept>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace quay::rig::card {
namespace {

constexpr const char* kCurve = "brainpoolP256r1";
constexpr int kCoordinate = 32;
constexpr unsigned kRsaBits = 1536;

using Key = std::shared_ptr<EVP_PKEY>;
using Context = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;

void need(bool done, const char* what) {
  if (!done) {
    throw std::runtime_error(std::string("the simulated chip cannot ") + what);
  }
}

Key owned(EVP_PKEY* key) {
  need(key != nullptr, "make a key");
  return {key, EVP_PKEY_free};
}

Key new_key(ActiveKind kind) {
  switch (kind) {
    case ActiveKind::rsa: return owned(EVP_RSA_gen(kRsaBits));
    case ActiveKind::ed25519: return owned(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    default: return owned(EVP_EC_gen(kCurve));
  }
}

Bytes public_part(EVP_PKEY* key) {
  std::uint8_t* bytes = nullptr;
  const int size = i2d_PUBKEY(key, &bytes);
  need(size > 0, "encode a key");
  Bytes out(bytes, bytes + size);
  OPENSSL_free(bytes);
  return out;
}

Bytes padded(const BIGNUM* value) {
  Bytes out(kCoordinate);
  need(BN_bn2binpad(value, out.data(), kCoordinate) == kCoordinate, "encode a number");
  return out;
}

Bytes raw_sign(EVP_PKEY* key, View digest, int padding) {
  const Context context(EVP_PKEY_CTX_new(key, nullptr), EVP_PKEY_CTX_free);
  std::size_t size = 0;
  need(EVP_PKEY_sign_init(context.get()) == 1, "sign");
  need(padding == 0 || EVP_PKEY_CTX_set_rsa_padding(context.get(), padding) == 1, "sign");
  need(EVP_PKEY_sign(context.get(), nullptr, &size, digest.data(), digest.size()) == 1, "sign");
  Bytes out(size);
  need(EVP_PKEY_sign(context.get(), out.data(), &size, digest.data(), digest.size()) == 1, "sign");
  out.resize(size);
  return out;
}

/// r and s side by side (BSI TR-03111 section 5.2.1).
Bytes sign_ecdsa(EVP_PKEY* key, View challenge) {
  const Bytes der = raw_sign(key, sha256(challenge), 0);
  const std::uint8_t* at = der.data();
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free);
  return join({padded(ECDSA_SIG_get0_r(pair.get())), padded(ECDSA_SIG_get0_s(pair.get()))});
}

/// Digital signature scheme 1 of ISO/IEC 9796-2 with partial recovery: the chip's own half of the message fills what
/// the hash leaves. SHA-256, trailer 34CC.
Bytes sign_rsa(EVP_PKEY* key, View challenge) {
  const std::size_t size = kRsaBits / 8;
  const Bytes own = random_bytes(size - 1 - 32 - 2);
  const Bytes hash = sha256(join({own, challenge}));
  return raw_sign(key, join({Bytes{0x6A}, own, hash, Bytes{0x34, 0xCC}}), RSA_NO_PADDING);
}

Bytes sign_ed25519(EVP_PKEY* key, View challenge) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  Bytes out(64);
  std::size_t size = out.size();
  need(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
           EVP_DigestSign(context.get(), out.data(), &size, challenge.data(), challenge.size()) == 1,
       "sign");
  return out;
}

}  // namespace

ActiveKey::ActiveKey(ActiveKind kind, bool clone)
    : kind_(kind), told_(new_key(kind)), used_(clone ? new_key(kind) : told_) {}

Bytes ActiveKey::public_key() const { return public_part(told_.get()); }

Bytes ActiveKey::sign(View challenge) const {
  switch (kind_) {
    case ActiveKind::rsa: return sign_rsa(used_.get(), challenge);
    case ActiveKind::ed25519: return sign_ed25519(used_.get(), challenge);
    default: return sign_ecdsa(used_.get(), challenge);
  }
}

ChipKey::ChipKey(bool clone) : told_(owned(EVP_EC_gen(kCurve))), used_(clone ? owned(EVP_EC_gen(kCurve)) : told_) {}

Bytes ChipKey::public_key() const { return public_part(told_.get()); }

std::optional<Bytes> ChipKey::agree(View point) const {
  const Key peer = owned(EVP_PKEY_new());
  if (EVP_PKEY_copy_parameters(peer.get(), used_.get()) != 1 ||
      EVP_PKEY_set1_encoded_public_key(peer.get(), point.data(), point.size()) != 1) {
    return std::nullopt;
  }
  const Context context(EVP_PKEY_CTX_new(used_.get(), nullptr), EVP_PKEY_CTX_free);
  std::size_t size = kCoordinate;
  Bytes secret(size);
  if (EVP_PKEY_derive_init(context.get()) != 1 || EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1 ||
      EVP_PKEY_derive(context.get(), secret.data(), &size) != 1) {
    return std::nullopt;
  }
  return secret;
}

}  // namespace quay::rig::card
