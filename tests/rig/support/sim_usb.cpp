// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/support/sim_usb.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

namespace quay::rig {
namespace {

constexpr const char* kBus = "/devices/pci0000:00/0000:00:14.0/usb1";

/// A device descriptor (USB 2.0, 9.6.1) of 04a9:1909 and one configuration without interfaces.
constexpr const char* kDescriptors = "1201000200000040a9040919000101020301090209000001008010";

std::string path_of(const std::string& port) { return fmt::format("/sys{}/{}", kBus, port); }

}  // namespace

SimUsb::SimUsb() : bed_(umockdev_testbed_new()) {}

void SimUsb::plug(const std::string& port, int address, const std::string& serial, const std::string& device_class) {
  const std::string text = fmt::format(
      "P: {0}/{1}\nN: bus/usb/001/{2:03}\nE: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: DEVNAME=/dev/bus/usb/001/{2:03}\n"
      "A: busnum=1\\n\nA: devnum={2}\\n\nA: idVendor=04a9\\n\nA: idProduct=1909\\n\nA: bDeviceClass={3}\\n\n"
      "H: descriptors={4}\n{5}",
      kBus, port, address, device_class, kDescriptors, serial.empty() ? "" : fmt::format("A: serial={}\\n\n", serial));
  GError* error = nullptr;
  if (umockdev_testbed_add_from_string(bed_.get(), text.c_str(), &error) == 0) {
    throw std::runtime_error(error != nullptr ? error->message : "umockdev");
  }
  send("add", port);
}

void SimUsb::unplug(const std::string& port) {
  send("remove", port);
  umockdev_testbed_remove_device(bed_.get(), path_of(port).c_str());
}

void SimUsb::send(const char* event, const std::string& port) const {
  if (tells_events()) {
    umockdev_testbed_uevent(bed_.get(), path_of(port).c_str(), event);
  }
}

bool SimUsb::tells_events() {
  const char* preloaded = std::getenv("LD_PRELOAD");
  return preloaded != nullptr && std::string_view(preloaded).find("umockdev") != std::string_view::npos;
}

std::map<std::string, std::string> SimUsb::environment() const {
  const std::unique_ptr<char, Freed<g_free>> root(umockdev_testbed_get_root_dir(bed_.get()));
  return {{"LD_PRELOAD", "libumockdev-preload.so.0"}, {"UMOCKDEV_DIR", root.get()}};
}

}  // namespace quay::rig
