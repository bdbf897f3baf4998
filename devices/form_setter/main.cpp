// SPDX-License-Identifier: Apache-2.0
// quay-forms: sets printed forms for quayd, which links no font and draws nothing. Started by quayd with the worker
// channel on descriptor 3.
#include <CLI/CLI.hpp>

#include "base/log.hpp"
#include "devices/form_setter/form_device.hpp"
#include "devices/worker/process_setup.hpp"
#include "devices/worker/worker.hpp"

namespace {

constexpr const char* kProgram = "quay-forms";

}  // namespace

int main(int argc, char** argv) {
  std::filesystem::path folder = QUAY_FORMS_DIRECTORY;
  CLI::App app("Sets printed forms for quayd.", kProgram);
  app.set_version_flag("--version", QUAY_VERSION);
  app.add_option("--forms", folder, "folder of forms")->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  const quay::Log log(kProgram);
  if (const quay::Status set_up = quay::worker::set_up_process(); !set_up) {
    log.error("{}", quay::describe(set_up.error()));
    return 1;
  }
  quay::form_setter::FormDevice device(folder);
  quay::worker::Worker(quay::UniqueFd(quay::worker::kChannelDescriptor), device, log, QUAY_VERSION).run(kProgram);
}
