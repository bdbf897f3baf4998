// SPDX-License-Identifier: Apache-2.0
// The private keys inside the chip: active authentication (ECDSA or RSA, ISO/IEC 9796-2) and chip authentication
// (ECDH). A copied card has the public halves and other private ones. ICAO 9303-11 sections 6.1 and 6.2.
#pragma once

#include <memory>

#include <openssl/types.h>

#include "tests/rig/card/algorithms.hpp"

namespace quay::rig::card {

enum class ActiveKind : std::uint8_t {
  none,
  ecdsa,
  rsa,
  ed25519,  ///< a kind that 9303-11 does not have: a reader of today cannot check it
};

class ActiveKey {
 public:
  /// `clone`: signs with a key that is not the one in public_key().
  ActiveKey(ActiveKind kind, bool clone);

  ActiveKind kind() const { return kind_; }
  /// SubjectPublicKeyInfo, for DG15.
  Bytes public_key() const;
  Bytes sign(View challenge) const;

 private:
  ActiveKind kind_;
  std::shared_ptr<EVP_PKEY> told_;
  std::shared_ptr<EVP_PKEY> used_;
};

class ChipKey {
 public:
  explicit ChipKey(bool clone);

  Bytes public_key() const;
  /// The x coordinate of what both sides can compute. Nothing when `point` is none of the curve's.
  std::optional<Bytes> agree(View point) const;

 private:
  std::shared_ptr<EVP_PKEY> told_;
  std::shared_ptr<EVP_PKEY> used_;
};

}  // namespace quay::rig::card
