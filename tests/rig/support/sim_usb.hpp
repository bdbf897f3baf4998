// SPDX-License-Identifier: Apache-2.0
// USB to plug things into: umockdev's sysfs, /dev and kernel events, for programs that are started with its
// environment.
#pragma once

#include <map>
#include <memory>
#include <string>

#include <umockdev.h>

#include "base/freed.hpp"

namespace quay::rig {

class SimUsb {
 public:
  SimUsb();

  /// A device 04a9:1909 of class `device_class` ("09": a hub) at bus 1. Events are sent where tells_events().
  void plug(const std::string& port, int address, const std::string& serial = "ABC",
            const std::string& device_class = "00");
  void unplug(const std::string& port);

  /// False where this process is not under umockdev's library (LD_PRELOAD): who watches has to look by itself.
  static bool tells_events();

  /// For the program that shall see it, through the real libudev and libusb.
  std::map<std::string, std::string> environment() const;

 private:
  void send(const char* event, const std::string& port) const;

  std::unique_ptr<UMockdevTestbed, Freed<g_object_unref>> bed_;
};

}  // namespace quay::rig
