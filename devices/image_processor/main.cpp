// SPDX-License-Identifier: Apache-2.0
// quay-imaging: decodes, cleans and encodes pages for quayd, locked in a process that can reach nothing. Started by
// quayd with the worker channel on descriptor 3.
#include <CLI/CLI.hpp>

#include "base/log.hpp"
#include "devices/image_processor/image_device.hpp"
#include "devices/image_processor/sandbox.hpp"
#include "devices/worker/process_setup.hpp"
#include "devices/worker/worker.hpp"

namespace {

constexpr const char* kProgram = "quay-imaging";

quay::Status confine() {
  if (quay::Status set_up = quay::worker::set_up_process(); !set_up) {
    return set_up;
  }
  return quay::worker::limit_memory(quay::image_processor::kMostMemory);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Cleans and encodes pages for quayd; the worker channel is descriptor 3.", kProgram);
  app.set_version_flag("--version", QUAY_VERSION);
  CLI11_PARSE(app, argc, argv);

  const quay::Log log(kProgram);
  if (const quay::Status confined = confine(); !confined) {
    log.error("{}", quay::describe(confined.error()));
    return 1;
  }
  quay::image_processor::ImageDevice device;
  quay::worker::Worker(quay::UniqueFd(quay::worker::kChannelDescriptor), device, log, QUAY_VERSION).run(kProgram);
}
