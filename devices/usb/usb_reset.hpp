// SPDX-License-Identifier: Apache-2.0
// The last thing short of a hand at the cable.
#pragma once

#include <cstdint>

#include "base/result.hpp"

namespace quay::usb {

/// Resets the port of the device at that address (libusb_reset_device): every driver lets go of it, and it is met anew.
/// A device that comes back as another one counts as reset. Blocks until it is done: seconds. Errors: device_absent,
/// device_access_denied, device_io.
Status reset_device(std::int32_t bus, std::int32_t address);

}  // namespace quay::usb
