// SPDX-License-Identifier: Apache-2.0
// What was found out about a chip's truth. Three values and the reasons; "valid" takes a root that the operator
// installed.
#pragma once

#include <cstdint>
#include <vector>

namespace quay::emrtd {

enum class Authenticity : std::uint8_t {
  valid,           ///< read data, signature and signer hold, and the chip is no copy as far as it can prove that
  signer_unknown,  ///< nothing speaks against it, but who signed cannot be told
  invalid,         ///< the data were changed, the signature is forged, or the chip is a copy
};

enum class Finding : std::uint8_t {
  data_changed,      ///< a data group's digest is not the signed one
  data_unsigned,     ///< a data group that the security object does not name
  signature_forged,  ///< the security object's signature is wrong
  signer_without_root,
  signer_expired,  ///< or not valid yet
  signer_revoked,
  chip_copied,      ///< active or chip authentication failed, or what it takes was signed and is kept back
  chip_not_proven,  ///< the chip can prove nothing: a copy could not be told from it
};

struct Verdict {
  Authenticity authenticity = Authenticity::signer_unknown;
  std::vector<Finding> findings{};  ///< in the order of the enumeration, each once

  bool operator==(const Verdict&) const = default;
};

/// The worst that the findings say; valid when none of them speaks against it (chip_not_proven does not).
Verdict verdict_of(std::vector<Finding> findings);

}  // namespace quay::emrtd
