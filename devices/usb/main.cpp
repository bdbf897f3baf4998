// SPDX-License-Identifier: Apache-2.0
// quay-usb: watches what is plugged in, and resets ports, in a process that may wait for a device. Started by quayd
// with the worker channel on descriptor 3, or with --list to print what is plugged in.
#include <CLI/CLI.hpp>

#include "base/log.hpp"
#include "devices/usb/usb_device.hpp"
#include "devices/worker/found_list.hpp"
#include "devices/worker/process_setup.hpp"
#include "devices/worker/worker.hpp"

namespace {
constexpr const char* kProgram = "quay-usb";
}

int main(int argc, char** argv) {
  CLI::App app("Watches USB for quayd.", kProgram);
  app.set_version_flag("--version", QUAY_VERSION);
  int look_ms = 5'000;
  app.add_option("--look-ms", look_ms, "how often it looks without an event of udev")->capture_default_str();
  auto* what = app.add_option_group("what to do");
  bool serve = false;
  bool list = false;
  what->add_flag("--serve", serve, "serve quayd; the worker channel is descriptor 3");
  what->add_flag("--list", list, "print what is plugged in as a JSON array");
  what->require_option(1);
  CLI11_PARSE(app, argc, argv);

  const quay::Log log(kProgram);
  if (const quay::Status set_up = quay::worker::set_up_process(); !set_up) {
    log.error("{}", quay::describe(set_up.error()));
    return 1;
  }
  if (list) {
    const quay::usb::Udev context(udev_new());
    return quay::worker::print_found(
        log, quay::Result<std::vector<quay::usb::UsbDevice>>(quay::usb::plugged_devices(context.get())));
  }
  quay::usb::UsbWatcher device(quay::Milliseconds(look_ms), log);
  quay::worker::Worker(quay::UniqueFd(quay::worker::kChannelDescriptor), device, log, QUAY_VERSION).run(kProgram);
}
