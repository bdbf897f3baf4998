// SPDX-License-Identifier: Apache-2.0
// A country that issues test cards: its root (CSCA), a document signer, a revocation list, and the security object that
// the signer puts on a card. Made anew at each start by OpenSSL: no private key lies in the tree.
#pragma once

#include <map>
#include <memory>
#include <string_view>

#include <openssl/types.h>

#include "tests/rig/card/bytes.hpp"

namespace quay::rig::card {

/// What is wrong with the document signer's certificate.
enum class Signer : std::uint8_t {
  good,
  expired,   ///< its validity ended before the card was made
  revoked,   ///< it is on the revocation list
  stranger,  ///< another root signed it, one that is not given out
};

class Issuer {
 public:
  explicit Issuer(Signer signer);

  /// EF.SOD over these data groups (number, whole file). 9303-10 section 4.6.2. `forged`: the hash of DG1 is of
  /// something else, as when somebody changed the group on a copied card.
  Bytes security_object(const std::map<int, Bytes>& groups, bool forged) const;

  /// DER, what an operator would install.
  Bytes root_certificate() const;
  Bytes revocation_list() const;

 private:
  struct Freed {
    void operator()(EVP_PKEY* key) const;
    void operator()(X509* certificate) const;
  };
  using Key = std::unique_ptr<EVP_PKEY, Freed>;
  using Certificate = std::unique_ptr<X509, Freed>;

  static Certificate certify(std::string_view subject, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key, bool expired);

  Key root_key_;
  Certificate root_;
  Key signer_key_;
  Certificate signer_;
  bool revoked_;
};

}  // namespace quay::rig::card
