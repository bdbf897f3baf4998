// SPDX-License-Identifier: Apache-2.0
// SecurityInfos of EF.CardAccess and DG14 (ICAO 9303-11 section 9.2): which protocols the chip can do, and with what.
// What is not known is passed over, as the standard wants it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "devices/card/emrtd/cipher.hpp"

namespace quay::emrtd {

/// PACE with generic mapping over elliptic curves (id-PACE-ECDH-GM).
struct PaceInfo {
  Bytes oid{};  ///< value octets, as MSE:Set AT wants them
  CipherSuite suite = CipherSuite::aes128;
  int parameters = 0;  ///< standardised domain parameters

  bool operator==(const PaceInfo&) const = default;
};

/// Chip authentication over elliptic curves (id-CA-ECDH).
struct ChipAuthenticationInfo {
  Bytes oid{};
  CipherSuite suite = CipherSuite::aes128;
  std::optional<Bytes> key_id{};  ///< value octets
};

struct ChipPublicKey {
  Bytes subject_public_key_info{};  ///< DER
  std::optional<Bytes> key_id{};
};

struct SecurityInfos {
  std::vector<PaceInfo> pace{};
  std::vector<ChipAuthenticationInfo> chip_authentication{};
  std::vector<ChipPublicKey> chip_keys{};
  std::optional<std::string> active_authentication_hash{};  ///< the signature algorithm's identifier, for ECDSA
};

/// A SET OF SecurityInfo. Errors: card_data_malformed.
Result<SecurityInfos> parse_security_infos(View bytes);

/// What Vietnamese cards say where EF.CardAccess cannot be read: AES-128 on brainpoolP256r1 (shared by several
/// readers).
PaceInfo usual_pace();

}  // namespace quay::emrtd
