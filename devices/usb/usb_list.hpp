// SPDX-License-Identifier: Apache-2.0
// What is plugged in, as udev has it in its database.
#pragma once

#include <libudev.h>

#include <memory>
#include <vector>

#include "base/freed.hpp"
#include "protocol/worker/usb.hpp"

namespace quay::usb {

using protocol::worker::UsbDevice;

using Udev = std::unique_ptr<udev, Freed<udev_unref>>;

/// Every USB device but hubs, ordered by port; at most 250. One that udev's rules have not run for yet is left out
/// where udevd runs: its node still belongs to root.
std::vector<UsbDevice> plugged_devices(udev* context);

}  // namespace quay::usb
