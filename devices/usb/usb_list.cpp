// SPDX-License-Identifier: Apache-2.0
#include "devices/usb/usb_list.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string_view>

namespace quay::usb {
namespace {

constexpr std::size_t kMost = 250;
constexpr std::string_view kHubClass = "09";
constexpr const char* kUdevd = "/run/udev/control";

using Enumeration = std::unique_ptr<udev_enumerate, Freed<udev_enumerate_unref>>;
using Node = std::unique_ptr<udev_device, Freed<udev_device_unref>>;

std::string attribute(udev_device* node, const char* name) {
  const char* value = udev_device_get_sysattr_value(node, name);
  return value != nullptr ? value : "";
}

std::int32_t number(const std::string& text) {
  std::int32_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

UsbDevice describe(udev_device* node) {
  UsbDevice device;
  device.port = udev_device_get_sysname(node);
  device.bus = number(attribute(node, "busnum"));
  device.address = number(attribute(node, "devnum"));
  device.vendor = attribute(node, "idVendor");
  device.product = attribute(node, "idProduct");
  device.serial = attribute(node, "serial");
  return device;
}

}  // namespace

std::vector<UsbDevice> plugged_devices(udev* context) {
  const Enumeration all(udev_enumerate_new(context));
  udev_enumerate_add_match_subsystem(all.get(), "usb");
  udev_enumerate_add_match_property(all.get(), "DEVTYPE", "usb_device");
  if (std::filesystem::exists(kUdevd)) {
    udev_enumerate_add_match_is_initialized(all.get());
  }
  udev_enumerate_scan_devices(all.get());
  std::vector<UsbDevice> devices;
  for (udev_list_entry* entry = udev_enumerate_get_list_entry(all.get()); entry != nullptr && devices.size() < kMost;
       entry = udev_list_entry_get_next(entry)) {
    const Node node(udev_device_new_from_syspath(context, udev_list_entry_get_name(entry)));
    if (node && attribute(node.get(), "bDeviceClass") != kHubClass) {
      devices.push_back(describe(node.get()));
    }
  }
  std::sort(devices.begin(), devices.end(), [](const UsbDevice& a, const UsbDevice& b) { return a.port < b.port; });
  return devices;
}

}  // namespace quay::usb
