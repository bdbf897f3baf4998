// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/scanner/control.hpp"

#include <fmt/format.h>

namespace quay::rig {
namespace {

constexpr int kMostSheets = 10'000;

}  // namespace

std::string_view commands_help() {
  return "load N        take the sheets out of the feeder and put N in\n"
         "place N       lay page N (from 1) on the glass\n"
         "fault NAME [page=N] [seconds=S] [times=T]   see README.md; 'fault none' heals\n"
         "ppm N         pages a minute, 0 = as fast as it goes\n"
         "unplug, plug  pull the cable, put it back\n"
         "press         the scan button (eSCL has none for sane-airscan: always an error)\n"
         "status        sheets, feeder, job, pages, stalled connections, fault\n"
         "quit          end the program\n";
}

ControlServer::ControlServer(std::filesystem::path socket, ScannerModel& model, EsclServer& scanner,
                             std::function<void()> quit)
    : model_(model),
      scanner_(scanner),
      server_(
          std::move(socket), [this](const std::string& verb, const std::string& rest) { return carry_out(verb, rest); },
          std::move(quit)) {}

std::string ControlServer::carry_out(const std::string& verb, const std::string& rest) {
  if (verb == "load" || verb == "place") {
    const auto count = parse_number(rest, kMostSheets);
    if (!count || (verb == "place" && *count == 0)) {
      return fmt::format("error {}: expected a number up to {}", verb, kMostSheets);
    }
    verb == "load" ? model_.load(*count) : model_.place(static_cast<std::size_t>(*count - 1));
    return "ok " + model_.status_line();
  }
  if (verb == "fault") {
    const auto fault = parse_fault(rest);
    if (!fault) {
      return "error " + fault.error().detail;
    }
    model_.set_fault(*fault);
    return "ok " + to_text(*fault);
  }
  if (verb == "ppm") {
    const auto ppm = parse_number(rest, 100'000.0);
    if (!ppm) {
      return "error ppm: expected a number of pages a minute";
    }
    model_.set_pages_per_minute(*ppm);
    return "ok " + rest;
  }
  if (verb == "unplug") {
    scanner_.unplug();
    return "ok unplugged";
  }
  if (verb == "plug") {
    const Status plugged = scanner_.plug();
    return plugged ? "ok plugged" : "error " + describe(plugged.error());
  }
  if (verb == "press") {
    return "error press: sane-airscan reads no button over eSCL; the quaytest backend has one";
  }
  if (verb == "status" || verb == "quit") {
    return "ok " + model_.status_line();
  }
  return fmt::format("error unknown command '{}': expected load place fault ppm unplug plug press status quit", verb);
}

}  // namespace quay::rig
