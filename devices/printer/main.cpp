// SPDX-License-Identifier: Apache-2.0
// quay-printer: one printer over IPP, in a process that may hang with it. Started by quayd with the worker channel on
// descriptor 3.
#include <CLI/CLI.hpp>

#include "base/log.hpp"
#include "devices/printer/printer_device.hpp"
#include "devices/worker/process_setup.hpp"
#include "devices/worker/worker.hpp"

namespace {

constexpr const char* kProgram = "quay-printer";
/// Room for a long document of photographs as raster, which is built whole before its first byte leaves.
constexpr std::size_t kMostMemory = std::size_t{3} * 1024 * 1024 * 1024;

struct Options {
  std::string uri;
  std::string queue;
  std::string service = "/run/cups/cups.sock";
  int look_ms = 5'000;
  int give_up_ms = 60'000;
};

quay::Status confine() {
  const quay::Status set_up = quay::worker::set_up_process();
  return set_up ? quay::worker::limit_memory(kMostMemory) : set_up;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Prints for quayd over IPP.", kProgram);
  app.set_version_flag("--version", QUAY_VERSION);
  auto* where = app.add_option_group("where to print");
  where->add_option("--uri", options.uri, "the printer itself: ipp://HOST/PATH or ipps://HOST/PATH");
  where->add_option("--queue", options.queue, "a queue of the local print service");
  where->require_option(1);
  app.add_option("--service", options.service, "socket of the print service")->capture_default_str();
  app.add_option("--look-ms", options.look_ms, "how often the printer is asked how it is")->capture_default_str();
  app.add_option("--give-up-ms", options.give_up_ms,
                 "how long a printer may keep a print that nobody wants, or refuse to say what became of one")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  const quay::Log log(kProgram);
  const auto endpoint = options.queue.empty() ? quay::printer::endpoint_of_uri(options.uri)
                                              : quay::printer::endpoint_of_queue(options.queue, options.service);
  if (!endpoint) {
    log.error("{}", quay::describe(endpoint.error()));
    return 1;
  }
  if (const quay::Status confined = confine(); !confined) {
    log.error("{}", quay::describe(confined.error()));
    return 1;
  }
  const quay::printer::PrinterDevice::Pace pace{quay::Milliseconds(options.look_ms),
                                                quay::Milliseconds(options.give_up_ms)};
  quay::printer::PrinterDevice device(*endpoint, pace, log);
  quay::worker::Worker(quay::UniqueFd(quay::worker::kChannelDescriptor), device, log, QUAY_VERSION).run(kProgram);
}
