// SPDX-License-Identifier: Apache-2.0
// What makes the simulated camera a phone: what it says it is, and what it lets a computer see before its owner has
// unlocked it, trusted the computer or chosen "File transfer".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quay::rig {

enum class PhoneKind : std::uint8_t { none, android, iphone };

/// As the hand at the phone leaves it.
enum class PhoneAccess : std::uint8_t {
  open,         ///< its pictures can be seen
  locked,       ///< an iPhone shows storage 0, an Android phone none
  no_transfer,  ///< Android, charging only: no storage
  untrusted,    ///< an iPhone shows storage 0xFEEDFACE
  denied,       ///< Access Denied to the question for storages
};

/// "file-transfer", "locked", "charge-only", "untrusted", "denied"; absent for anything else.
std::optional<PhoneAccess> phone_access_named(std::string_view name);

/// The storages that a computer is told of; `card` when all of it may be seen.
std::vector<std::uint32_t> visible_storages(PhoneKind kind, PhoneAccess access, std::uint32_t card);

/// Operations that change what is on a phone or on what it does.
bool is_write(std::uint16_t operation);

/// What a phone's DeviceInfo says.
struct PhoneIdentity {
  std::uint32_t vendor;  ///< VendorExtensionID
  std::string extensions;
  std::string maker;
  std::string model;
};
PhoneIdentity identity_of(PhoneKind kind);

}  // namespace quay::rig
