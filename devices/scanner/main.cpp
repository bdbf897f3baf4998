// SPDX-License-Identifier: Apache-2.0
// quay-scanner: libsane for one scanner, in a process that may crash or hang without harm. Started by quayd with the
// worker channel on descriptor 3, or with --list to look for scanners.
#include <CLI/CLI.hpp>

#include "base/log.hpp"
#include "devices/scanner/found_scanners.hpp"
#include "devices/scanner/scanner_device.hpp"
#include "devices/worker/found_list.hpp"
#include "devices/worker/process_setup.hpp"
#include "devices/worker/worker.hpp"

namespace {

constexpr const char* kProgram = "quay-scanner";

int complain(const quay::Log& log, const quay::Error& error) {
  log.error("{}", quay::describe(error));
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::string device_name;
  bool list = false;
  CLI::App app("Scans for quayd through SANE.", kProgram);
  app.set_version_flag("--version", QUAY_VERSION);
  auto* what = app.add_option_group("what to do");
  what->add_option("--device", device_name, "serve this SANE device; the worker channel is descriptor 3");
  what->add_flag("--list", list, "print the scanners SANE finds as a JSON array");
  what->require_option(1);
  CLI11_PARSE(app, argc, argv);

  const quay::Log log(kProgram);
  if (const quay::Status set_up = quay::worker::set_up_process(); !set_up) {
    return complain(log, set_up.error());
  }
  quay::scanner::ScannerDevice device(device_name, log);
  if (list) {
    const quay::Status ready = device.prepare();
    return ready ? quay::worker::print_found(log, quay::scanner::find_scanners()) : complain(log, ready.error());
  }
  quay::worker::Worker(quay::UniqueFd(quay::worker::kChannelDescriptor), device, log, QUAY_VERSION).run(kProgram);
}
