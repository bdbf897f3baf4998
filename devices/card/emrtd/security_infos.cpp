// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/security_infos.hpp"

#include <string_view>

#include "devices/card/emrtd/tlv.hpp"

namespace quay::emrtd {
namespace {

constexpr std::uint32_t kInteger = 0x02, kOid = 0x06, kSequence = 0x30, kSet = 0x31;

// Object identifiers of BSI TR-03110-3 and ICAO 9303-11.
constexpr std::string_view kPaceGenericEc = "0.4.0.127.0.7.2.2.4.2.";
constexpr std::string_view kChipAuthenticationEc = "0.4.0.127.0.7.2.2.3.2.";
constexpr std::string_view kChipKeyEc = "0.4.0.127.0.7.2.2.1.2";
constexpr std::string_view kActiveAuthentication = "2.23.136.1.1.5";

/// The last arc of both protocols' identifiers.
std::optional<CipherSuite> suite_of(std::string_view oid, std::string_view protocol) {
  if (!oid.starts_with(protocol) || oid.size() != protocol.size() + 1) {
    return std::nullopt;
  }
  switch (oid.back()) {
    case '1': return CipherSuite::des3;
    case '2': return CipherSuite::aes128;
    case '3': return CipherSuite::aes192;
    case '4': return CipherSuite::aes256;
    default: return std::nullopt;
  }
}

/// What stands behind the identifier, at most two objects.
struct Parts {
  Tlv oid{};
  Tlv required{};
  std::optional<Tlv> optional{};
};

Result<Parts> read_parts(View info) {
  TlvReader reader(info);
  const auto oid = reader.next(kOid);
  const auto required = oid ? reader.next() : oid;
  if (!required) {
    return tl::unexpected(required.error());
  }
  Parts parts{*oid, *required, std::nullopt};
  if (!reader.at_end()) {
    const auto optional = reader.next();
    if (!optional) {
      return tl::unexpected(optional.error());
    }
    parts.optional = *optional;
  }
  return parts;
}

std::optional<Bytes> key_id(const Parts& parts) {
  return parts.optional && parts.optional->tag == kInteger ? std::optional(to_bytes(parts.optional->value))
                                                           : std::nullopt;
}

Status add(const Parts& parts, SecurityInfos& infos) {
  const auto oid = to_oid(parts.oid.value);
  if (!oid) {
    return tl::unexpected(oid.error());
  }
  const Bytes octets = to_bytes(parts.oid.value);
  if (const auto pace = suite_of(*oid, kPaceGenericEc)) {
    const auto parameters = parts.optional ? to_int(parts.optional->value) : Result<int>(usual_pace().parameters);
    if (!parameters) {
      return tl::unexpected(parameters.error());
    }
    infos.pace.push_back({octets, *pace, *parameters});
  } else if (const auto chip = suite_of(*oid, kChipAuthenticationEc)) {
    infos.chip_authentication.push_back({octets, *chip, key_id(parts)});
  } else if (*oid == kChipKeyEc && parts.required.tag == kSequence) {
    infos.chip_keys.push_back({to_bytes(parts.required.whole), key_id(parts)});
  } else if (*oid == kActiveAuthentication && parts.optional && parts.optional->tag == kOid) {
    const auto algorithm = to_oid(parts.optional->value);
    if (!algorithm) {
      return tl::unexpected(algorithm.error());
    }
    infos.active_authentication_hash = *algorithm;
  }
  return {};
}

}  // namespace

Result<SecurityInfos> parse_security_infos(View bytes) {
  const auto set = require_tlv(bytes, kSet);
  if (!set) {
    return tl::unexpected(set.error());
  }
  SecurityInfos infos;
  for (TlvReader reader(set->value); !reader.at_end();) {
    const auto info = reader.next(kSequence);
    const auto parts = info ? read_parts(info->value) : tl::unexpected(info.error());
    const Status added = parts ? add(*parts, infos) : tl::unexpected(parts.error());
    if (!added) {
      return tl::unexpected(added.error());
    }
  }
  return infos;
}

PaceInfo usual_pace() {
  constexpr int kBrainpoolP256r1 = 13;
  return {{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02}, CipherSuite::aes128, kBrainpoolP256r1};
}

}  // namespace quay::emrtd
