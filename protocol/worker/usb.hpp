// SPDX-License-Identifier: Apache-2.0
// What quayd and the worker that watches USB say to each other: frames of messages.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "protocol/json/reader.hpp"

namespace quay::protocol::worker {

/// A device as udev knows it once its rules have run: its node has its owner and mode by then.
struct UsbDevice : AllOptional {
  std::string port;  ///< where it is plugged, "1-2.3": the same as long as the cable stays there
  std::int32_t bus = 0;
  std::int32_t address = 0;  ///< another one each time that it is plugged
  std::string vendor;        ///< idVendor, four hex digits
  std::string product;       ///< idProduct
  std::string serial;        ///< empty: it has none
  bool operator==(const UsbDevice& other) const {
    const auto all = [](const UsbDevice& one) {
      return std::tie(one.port, one.bus, one.address, one.vendor, one.product, one.serial);
    };
    return all(*this) == all(other);
  }
};

/// All of USB, hubs left out.
struct UsbTree : AllOptional {
  std::vector<UsbDevice> devices;
};

/// Asks for a port reset of one device: it is as if it had been plugged anew (libusb_reset_device).
struct ResetUsb : AllOptional {
  std::uint64_t request = 0;
  std::int32_t bus = 0;
  std::int32_t address = 0;
};

BOOST_DESCRIBE_STRUCT(UsbDevice, (), (port, bus, address, vendor, product, serial))
BOOST_DESCRIBE_STRUCT(UsbTree, (), (devices))
BOOST_DESCRIBE_STRUCT(ResetUsb, (), (request, bus, address))

}  // namespace quay::protocol::worker
