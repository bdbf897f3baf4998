// SPDX-License-Identifier: Apache-2.0
// quay-sim-printer: an IPP printer without paper or toner, on 127.0.0.1. For tests, the demo and a clerk's training.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <map>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tests/rig/control/program.hpp"
#include "tests/rig/printer/printer_control.hpp"

namespace quay::rig {
namespace {

constexpr const char* kProgram = "quay-sim-printer";

struct Arguments {
  std::filesystem::path tray;
  std::filesystem::path control;
  std::uint16_t port = 0;
  std::vector<std::string> formats{"pdf", "pwg", "urf"};
  std::vector<std::string> tell;
  std::string fault = "none";
  PrinterModel::Options model;
  PrinterPlate plate;
};

void describe_options(CLI::App& app, Arguments& arguments) {
  app.add_option("--tray", arguments.tray, "folder that takes what is printed");
  app.add_option("--control", arguments.control, "UNIX socket for commands")->required();
  app.add_option("--port", arguments.port, "0: any that is free")->capture_default_str();
  app.add_option("--formats", arguments.formats, "what it reads")
      ->delimiter(',')
      ->check(CLI::IsMember({"pdf", "pwg", "urf"}));
  app.add_option("--paper", arguments.model.paper, "sheets in the tray at the start")->capture_default_str();
  app.add_option("--sheet-ms", arguments.model.sheet_ms, "how long a sheet takes")->capture_default_str();
  app.add_option("--model", arguments.plate.model, "make and model")->capture_default_str();
  app.add_option("--sheet-back", arguments.plate.sheet_back, "how back sides lie")->capture_default_str();
  app.add_flag("--print-job-only", arguments.plate.print_job_only, "an old printer: no Create-Job");
  app.add_option("--fault", arguments.fault, "what goes wrong from the start")->capture_default_str();
  app.add_option("--tell", arguments.tell, "send a command to --control of a running simulator, print its reply");
  app.footer(fmt::format("Commands on the control socket:\n{}", printer_commands_help()));
}

std::vector<std::string> media_types(const std::vector<std::string>& words) {
  const std::map<std::string, std::string> types{
      {"pdf", "application/pdf"}, {"pwg", "image/pwg-raster"}, {"urf", "image/urf"}};
  std::vector<std::string> all;
  all.reserve(words.size());
  for (const std::string& word : words) {
    all.push_back(types.at(word));
  }
  return all;
}

int simulate(Arguments& arguments, const PrinterFault& fault) {
  const EndSignals end;
  OutputTray tray(arguments.tray);
  IppServer* network = nullptr;
  PrinterModel model(arguments.model, tray, {[&] { network->unplug(); }, [] { ::_exit(9); }});
  model.set_fault(fault);
  IppFace face(arguments.plate, model, tray);
  IppServer server(arguments.port, face, model);
  network = &server;
  PrinterControl control(arguments.control, model, server, [] { ::kill(::getpid(), SIGTERM); });
  for (const Status& opened : {control.open(), server.plug()}) {
    if (!opened) {
      return complain(kProgram, opened.error());
    }
  }
  const std::string uri = fmt::format("ipp://127.0.0.1:{}/ipp/print", server.port());
  face.set_uri(uri);
  fmt::print("ready uri={} control={}\n", uri, arguments.control.string());
  std::fflush(stdout);
  end.wait();
  return 0;
}

int run(int argc, char** argv) {
  CLI::App app("IPP printer simulator: counts every sheet, faults on command");
  Arguments arguments;
  describe_options(app, arguments);
  CLI11_PARSE(app, argc, argv);
  if (!arguments.tell.empty()) {
    return tell_running(kProgram, arguments.control, arguments.tell);
  }
  const auto fault = parse_printer_fault(arguments.fault);
  if (!fault || arguments.tray.empty()) {
    return complain(kProgram, fault ? make_error(Errc::usage, "arguments", "expected --tray PATH") : fault.error());
  }
  arguments.plate.formats = media_types(arguments.formats);
  return simulate(arguments, *fault);
}

}  // namespace
}  // namespace quay::rig

int main(int argc, char** argv) { return quay::rig::run(argc, argv); }
