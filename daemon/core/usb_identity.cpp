// SPDX-License-Identifier: Apache-2.0
#include "daemon/core/usb_identity.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace quay::daemon::core {
namespace {

struct Spelling {
  std::string_view before;
  char between;
};

constexpr Spelling kSpellings[] = {{"libusb:", ':'}, {"usb:", ','}};

bool read_number(std::string_view& text, std::int32_t& into) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), into);
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return read.ec == std::errc();
}

std::optional<UsbAddress> read_address(std::string_view name, const Spelling& spelling) {
  const std::size_t at = name.find(spelling.before);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view rest = name.substr(at + spelling.before.size());
  UsbAddress address;
  if (!read_number(rest, address.bus) || rest.empty() || rest.front() != spelling.between) {
    return std::nullopt;
  }
  rest.remove_prefix(1);
  return read_number(rest, address.address) && rest.empty() ? std::optional(address) : std::nullopt;
}

bool is_same_model(const UsbDevice& a, const UsbDevice& b) { return a.vendor == b.vendor && a.product == b.product; }

}  // namespace

std::optional<UsbAddress> usb_address_of(std::string_view driver_name) {
  for (const Spelling& spelling : kSpellings) {
    if (const auto address = read_address(driver_name, spelling)) {
      return address;
    }
  }
  return std::nullopt;
}

const UsbDevice* find_usb(std::span<const UsbDevice> plugged, const std::optional<UsbAddress>& at) {
  const auto found = std::find_if(plugged.begin(), plugged.end(), [&](const UsbDevice& one) {
    return at && one.bus == at->bus && one.address == at->address;
  });
  return found == plugged.end() ? nullptr : &*found;
}

std::string usb_identity(const UsbDevice& device, std::span<const UsbDevice> plugged) {
  const auto alike = std::count_if(plugged.begin(), plugged.end(), [&](const UsbDevice& other) {
    return is_same_model(other, device) && other.serial == device.serial;
  });
  return device.serial.empty() || alike > 1 ? fmt::format("{}:{}@{}", device.vendor, device.product, device.port)
                                            : fmt::format("{}:{}:{}", device.vendor, device.product, device.serial);
}

}  // namespace quay::daemon::core
