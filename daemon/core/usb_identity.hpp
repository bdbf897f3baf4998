// SPDX-License-Identifier: Apache-2.0
// Which plugged device a driver's name means, and what that device is called for good: the kernel gives it another
// address each time that it is plugged, drivers name it by that address, and a counter must know it again.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/worker/usb.hpp"

namespace quay::daemon::core {

using protocol::worker::UsbDevice;

struct UsbAddress {
  std::int32_t bus = 0;
  std::int32_t address = 0;
  bool operator==(const UsbAddress&) const = default;
};

/// The address in SANE's "genesys:libusb:001:004" or libgphoto2's "usb:001,004"; nothing in other names.
std::optional<UsbAddress> usb_address_of(std::string_view driver_name);

/// The device at that address, or nullptr. Owned by `plugged`.
const UsbDevice* find_usb(std::span<const UsbDevice> plugged, const std::optional<UsbAddress>& at);

/// "04a9:1909:ABC123" of a device with a serial number of its own, else "04a9:1909@1-2" by its port: makers have given
/// whole series one number, so twins are told apart by where they are plugged.
std::string usb_identity(const UsbDevice& device, std::span<const UsbDevice> plugged);

/// What devices are there when `fresh` was found now and `known` before. A device that is in use is often not found: it
/// stays as long as it is plugged in where it was. Of one that two drivers found, the first stays. `name_of` gives the
/// driver's name.
template <class Found, class NameOf>
std::vector<Found> still_there(const std::vector<Found>& known, const std::vector<Found>& fresh,
                               std::span<const UsbDevice> plugged, NameOf name_of) {
  std::vector<Found> there;
  std::vector<UsbAddress> taken;
  const auto add = [&](const Found& one) {
    const auto address = usb_address_of(name_of(one));
    const bool is_twin = address && std::find(taken.begin(), taken.end(), *address) != taken.end();
    const bool is_known =
        std::any_of(there.begin(), there.end(), [&](const Found& other) { return name_of(other) == name_of(one); });
    if (!is_twin && !is_known) {
      there.push_back(one);
      if (address) {
        taken.push_back(*address);
      }
    }
  };
  for (const Found& one : known) {
    if (find_usb(plugged, usb_address_of(name_of(one))) != nullptr) {
      add(one);
    }
  }
  std::for_each(fresh.begin(), fresh.end(), add);
  return there;
}

}  // namespace quay::daemon::core
