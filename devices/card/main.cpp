// SPDX-License-Identifier: Apache-2.0
// quay-card: PC/SC in a process that may hang with a reader, and that forgets what it read. Started by quayd with the
// worker channel on descriptor 3, or with --list to say which slots there are.
#include <CLI/CLI.hpp>

#include "base/log.hpp"
#include "devices/card/card_device.hpp"
#include "devices/card/forgetful_heap.hpp"
#include "devices/card/found_slots.hpp"
#include "devices/worker/found_list.hpp"
#include "devices/worker/process_setup.hpp"
#include "devices/worker/worker.hpp"

namespace {

constexpr const char* kProgram = "quay-card";
constexpr quay::Milliseconds kPatience{5'000};  // for pcscd, of which --list asks

}  // namespace

int main(int argc, char** argv) {
  const bool forgets = quay::card::make_openssl_forget();
  quay::card::CardOptions options;
  options.forget = quay::card::forget_stack;
  bool list = false;
  CLI::App app("Reads identity cards for quayd through PC/SC.", kProgram);
  app.set_version_flag("--version", QUAY_VERSION);
  app.add_option("--reader", options.only, "only readers whose name holds this");
  app.add_option("--trust", options.trust, "folder of CSCA certificates and revocation lists");
  auto* what = app.add_option_group("what to do");
  bool serve = false;
  what->add_flag("--serve", serve, "serve quayd; the worker channel is descriptor 3");
  what->add_flag("--list", list, "print the slots that pcscd sees as a JSON array");
  what->require_option(1);
  CLI11_PARSE(app, argc, argv);

  const quay::Log log(kProgram);
  if (const quay::Status set_up = quay::worker::set_up_process(); !set_up || !forgets) {
    log.error("{}", forgets ? quay::describe(set_up.error()) : "OpenSSL was in use before its memory could be watched");
    return 1;
  }
  if (list) {
    return quay::worker::print_found(log, quay::card::find_slots(options.only, kPatience));
  }
  quay::card::CardDevice device(std::move(options), log);
  quay::worker::Worker(quay::UniqueFd(quay::worker::kChannelDescriptor), device, log, QUAY_VERSION).run(kProgram);
}
