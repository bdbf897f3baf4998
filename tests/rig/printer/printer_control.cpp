// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/printer/printer_control.hpp"

#include <fmt/format.h>

namespace quay::rig {
namespace {

constexpr int kMostSheets = 100'000;

}  // namespace

std::string_view printer_commands_help() {
  return "load N         put N sheets into the tray\n"
         "fault NAME [at=N] [says=N] [times=N] [ms=N]   see README.md; 'fault none' heals\n"
         "unplug, plug   off the network, and back\n"
         "job            the newest job, as it was asked for and as it stands\n"
         "status         sheets that fell into the tray, paper, jobs, open jobs, state, fault\n"
         "quit           end the program\n";
}

PrinterControl::PrinterControl(std::filesystem::path socket, PrinterModel& model, IppServer& server,
                               std::function<void()> quit)
    : model_(model),
      printer_(server),
      server_(
          std::move(socket), [this](const std::string& verb, const std::string& rest) { return carry_out(verb, rest); },
          std::move(quit)) {}

std::string PrinterControl::last_job() {
  const auto jobs = model_.jobs();
  if (jobs.empty()) {
    return "error no job";
  }
  const SimJob& job = jobs.back();
  return fmt::format(
      "ok id={} name={} state={} pages={} copies={} duplex={} printed={} width={} length={} scaling={} format={}",
      job.id, job.name, static_cast<int>(job.state), job.pages, job.copies, job.duplex, job.printed, job.media_width,
      job.media_length, job.wants_scaling, job.format);
}

std::string PrinterControl::carry_out(const std::string& verb, const std::string& rest) {
  if (verb == "load") {
    const auto count = parse_number(rest, kMostSheets);
    if (!count) {
      return fmt::format("error load: expected a number up to {}", kMostSheets);
    }
    model_.load(*count);
    return "ok " + model_.status_line();
  }
  if (verb == "fault") {
    const auto fault = parse_printer_fault(rest);
    if (!fault) {
      return "error " + fault.error().detail;
    }
    model_.set_fault(*fault);
    return "ok " + to_text(*fault);
  }
  if (verb == "unplug") {
    printer_.unplug();
    return "ok unplugged";
  }
  if (verb == "plug") {
    const Status plugged = printer_.plug();
    return plugged ? "ok plugged" : "error " + describe(plugged.error());
  }
  if (verb == "job") {
    return last_job();
  }
  if (verb == "status" || verb == "quit") {
    return "ok " + model_.status_line();
  }
  return fmt::format("error unknown command '{}': expected load fault unplug plug job status quit", verb);
}

}  // namespace quay::rig
