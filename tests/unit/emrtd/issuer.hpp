// SPDX-License-Identifier: Apache-2.0
// A test state: a root, its document signers, revocation lists, and the security objects that they sign.
#pragma once

#include <map>

#include "devices/card/emrtd/bytes.hpp"
#include "devices/card/emrtd/openssl_handles.hpp"

namespace quay::emrtd::test {

inline constexpr std::int64_t kYear = 365 * 24 * 3600;
inline constexpr std::int64_t kToday = 1795651200;  // 2026-11-26

enum class KeyKind : std::uint8_t { p256, brainpool512_explicit, rsa };

KeyPtr make_key(KeyKind kind);

struct Certified {
  KeyPtr key;
  CertificatePtr certificate;
};

/// Valid from ten years ago to `until`.
Certified make_root(KeyKind kind, std::int64_t until = kToday + 10 * kYear);
Certified make_signer(const Certified& root, std::int64_t until = kToday + kYear);

/// DER.
Bytes encoded(const Certified& certified);
Bytes revocation_list(const Certified& root, const Certified& revoked);

/// EF.SOD over these files with SHA-256.
Bytes security_object(const Certified& signer, const std::map<int, Bytes>& files);

/// The SubjectPublicKeyInfo.
Bytes public_key(EVP_PKEY& key);

}  // namespace quay::emrtd::test
