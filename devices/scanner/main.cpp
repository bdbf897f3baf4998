// SPDX-License-Identifier: Apache-2.0
// quay-scanner: libsane for one scanner, in a process that may crash or hang without harm. Started by quayd with the
// worker channel on descriptor 3, or with --list to look for scanners.
#include <iostream>

#include <CLI/CLI.hpp>

#include "base/log.hpp"
#include "devices/scanner/found_scanners.hpp"
#include "devices/scanner/scanner_device.hpp"
#include "devices/worker/process_setup.hpp"
#include "devices/worker/worker.hpp"
#include "protocol/json/writer.hpp"

namespace {

constexpr const char* kProgram = "quay-scanner";

int complain(const quay::Log& log, const quay::Error& error) {
  log.error("{}", quay::describe(error));
  return 1;
}

/// One JSON array on standard output. Ends without sane_exit, as the worker does.
int list_scanners(const quay::Log& log, quay::scanner::ScannerDevice& device) {
  if (const quay::Status ready = device.prepare(); !ready) {
    return complain(log, ready.error());
  }
  const auto found = quay::scanner::find_scanners();
  if (!found) {
    return complain(log, found.error());
  }
  std::cout << boost::json::serialize(quay::protocol::to_json(*found)) << std::endl;
  ::_exit(std::cout ? 0 : 1);
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
    return list_scanners(log, device);
  }
  quay::worker::Worker(quay::UniqueFd(quay::worker::kChannelDescriptor), device, log, QUAY_VERSION).run(kProgram);
}
