// SPDX-License-Identifier: Apache-2.0
// The roots that an operator installed (CSCA certificates) and what they took back (CRLs). Empty: nothing is ever
// valid.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/result.hpp"
#include "devices/card/emrtd/bytes.hpp"
#include "devices/card/emrtd/verdict.hpp"

struct x509_st;

namespace quay::emrtd {

class TrustStore {
 public:
  TrustStore();
  TrustStore(const TrustStore&) = delete;
  TrustStore& operator=(const TrustStore&) = delete;
  TrustStore(TrustStore&&) noexcept;
  TrustStore& operator=(TrustStore&&) noexcept;
  ~TrustStore();

  /// The certificates and revocation lists of a file: PEM, any number, or one in DER.
  /// Errors: config_invalid when there is none in it.
  Status add(View file);

  std::size_t roots() const;

  /// What speaks against this signer at this time; nothing when a root vouches for it.
  std::optional<Finding> judge(x509_st& signer, std::int64_t unix_seconds) const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace quay::emrtd
