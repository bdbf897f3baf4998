// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/camera/phone.hpp"

#include <algorithm>
#include <array>

#include "tests/rig/camera/ptp_codes.hpp"

namespace quay::rig {
namespace {

constexpr std::uint32_t kUntrusted = 0xFEEDFACE;
constexpr std::uint32_t kMicrosoft = 6;

struct Named {
  std::string_view name;
  PhoneAccess access;
};
constexpr std::array kNames{Named{"file-transfer", PhoneAccess::open}, Named{"locked", PhoneAccess::locked},
                            Named{"charge-only", PhoneAccess::no_transfer}, Named{"untrusted", PhoneAccess::untrusted},
                            Named{"denied", PhoneAccess::denied}};

}  // namespace

std::optional<PhoneAccess> phone_access_named(std::string_view name) {
  const auto* found = std::find_if(kNames.begin(), kNames.end(), [&](const Named& one) { return one.name == name; });
  return found == kNames.end() ? std::nullopt : std::optional(found->access);
}

std::vector<std::uint32_t> visible_storages(PhoneKind kind, PhoneAccess access, std::uint32_t card) {
  switch (access) {
    case PhoneAccess::open: return {card};
    case PhoneAccess::untrusted: return {kUntrusted};
    case PhoneAccess::locked:
      return kind == PhoneKind::iphone ? std::vector<std::uint32_t>{0} : std::vector<std::uint32_t>{};
    case PhoneAccess::no_transfer:
    case PhoneAccess::denied: break;
  }
  return {};
}

bool is_write(std::uint16_t operation) {
  constexpr std::array kWrites{ptp::kDeleteObject, ptp::kSendObjectInfo, ptp::kSendObject, ptp::kInitiateCapture,
                               ptp::kSetDevicePropValue};
  return std::find(kWrites.begin(), kWrites.end(), operation) != kWrites.end();
}

PhoneIdentity identity_of(PhoneKind kind) {
  return kind == PhoneKind::iphone
             ? PhoneIdentity{kMicrosoft, "", "Apple Inc.", "iPhone"}
             : PhoneIdentity{kMicrosoft, "microsoft.com: 1.0; android.com: 1.0;", "Samsung", "SM-A156E"};
}

}  // namespace quay::rig
