// SPDX-License-Identifier: Apache-2.0
#include "devices/usb/usb_reset.hpp"

#include <libusb.h>

#include <memory>
#include <span>

#include <fmt/format.h>

#include "base/freed.hpp"

namespace quay::usb {
namespace {

using Context = std::unique_ptr<libusb_context, Freed<libusb_exit>>;
using Handle = std::unique_ptr<libusb_device_handle, Freed<libusb_close>>;

auto refused(int code, const char* call) {
  const Errc what = code == LIBUSB_ERROR_ACCESS                                        ? Errc::device_access_denied
                    : code == LIBUSB_ERROR_NO_DEVICE || code == LIBUSB_ERROR_NOT_FOUND ? Errc::device_absent
                                                                                       : Errc::device_io;
  return failure(what, call, fmt::format("{} ({})", libusb_error_name(code), code));
}

/// The list is libusb's; each device of it is counted until the list is freed.
struct DeviceList {
  libusb_device** devices = nullptr;
  ssize_t size = 0;
  explicit DeviceList(libusb_context* context) : size(libusb_get_device_list(context, &devices)) {}
  DeviceList(const DeviceList&) = delete;
  DeviceList& operator=(const DeviceList&) = delete;
  ~DeviceList() {
    if (size >= 0) {
      libusb_free_device_list(devices, 1);
    }
  }
  std::span<libusb_device*> all() const { return {devices, static_cast<std::size_t>(size > 0 ? size : 0)}; }
};

}  // namespace

Status reset_device(std::int32_t bus, std::int32_t address) {
  libusb_context* made = nullptr;
  if (const int code = libusb_init(&made); code != 0) {
    return refused(code, "libusb_init");
  }
  const Context context(made);
  const DeviceList list(context.get());
  for (libusb_device* device : list.all()) {
    if (libusb_get_bus_number(device) != bus || libusb_get_device_address(device) != address) {
      continue;
    }
    libusb_device_handle* opened = nullptr;
    if (const int code = libusb_open(device, &opened); code != 0) {
      return refused(code, "libusb_open");
    }
    const Handle handle(opened);
    const int code = libusb_reset_device(handle.get());
    const bool is_met_anew = code == LIBUSB_ERROR_NOT_FOUND;
    return code == 0 || is_met_anew ? Status() : Status(refused(code, "libusb_reset_device"));
  }
  return failure(Errc::device_absent, "usb.reset", fmt::format("nothing at bus {} address {}", bus, address));
}

}  // namespace quay::usb
