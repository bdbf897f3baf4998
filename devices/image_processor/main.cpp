// SPDX-License-Identifier: Apache-2.0
// quay-imaging: decodes, cleans and encodes pages for quayd, locked in a process that can reach nothing. Started by
// quayd with the worker channel on descriptor 3.
#include <sys/resource.h>

#include <CLI/CLI.hpp>

#include "base/log.hpp"
#include "devices/image_processor/image_device.hpp"
#include "devices/image_processor/sandbox.hpp"
#include "devices/worker/process_setup.hpp"
#include "devices/worker/worker.hpp"

namespace {

constexpr const char* kProgram = "quay-imaging";
constexpr int kLowestPriority = 19;  // setpriority(2)

/// Reading text may take its time: whoever else wants the processor has it. Not SCHED_IDLE: on a busy machine such a
/// process does not even hear that it is no longer wanted.
void step_back() { ::setpriority(PRIO_PROCESS, 0, kLowestPriority); }

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
  std::string language;
  app.add_option("--text", language, "Also read the words of pages, in this language, at the lowest priority: vie");
  CLI11_PARSE(app, argc, argv);

  const quay::Log log(kProgram);
  if (const quay::Status confined = confine(); !confined) {
    log.error("{}", quay::describe(confined.error()));
    return 1;
  }
  if (!language.empty()) {
    step_back();
  }
  quay::image_processor::ImageDevice device(language);
  quay::worker::Worker(quay::UniqueFd(quay::worker::kChannelDescriptor), device, log, QUAY_VERSION).run(kProgram);
}
