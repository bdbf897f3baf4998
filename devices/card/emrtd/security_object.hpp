// SPDX-License-Identifier: Apache-2.0
// Passive authentication, ICAO 9303-11 section 5.1: the document security object names the digest of every data group
// and is signed by the document signer.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "devices/card/emrtd/bytes.hpp"
#include "devices/card/emrtd/trust_store.hpp"
#include "devices/card/emrtd/verdict.hpp"

namespace quay::emrtd {

class SecurityObject {
 public:
  /// file: EF.SOD. Errors: card_data_malformed when it is no signed LDS security object.
  static Result<SecurityObject> parse(View file);

  SecurityObject(const SecurityObject&) = delete;
  SecurityObject& operator=(const SecurityObject&) = delete;
  SecurityObject(SecurityObject&&) noexcept;
  SecurityObject& operator=(SecurityObject&&) noexcept;
  ~SecurityObject();

  /// What speaks against the signature and its signer.
  std::vector<Finding> judge_signer(const TrustStore& trust, std::int64_t unix_seconds) const;

  /// Did the issuer put this data group on the card? What is listed here and cannot be read is being hidden.
  bool lists(int group) const;

  /// What speaks against a data group's file.
  std::vector<Finding> judge_file(int group, View file) const;

 private:
  struct Signed;
  explicit SecurityObject(std::unique_ptr<Signed> signed_object);

  std::unique_ptr<Signed> signed_;
};

}  // namespace quay::emrtd
