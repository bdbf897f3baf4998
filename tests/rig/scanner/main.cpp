// SPDX-License-Identifier: Apache-2.0
// quay-sim-scanner: an eSCL document scanner without glass or paper. For tests, the demo and a clerk's training.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tests/rig/control/program.hpp"
#include "tests/rig/scanner/control.hpp"

namespace quay::rig {
namespace {

constexpr const char* kProgram = "quay-sim-scanner";

struct Arguments {
  std::filesystem::path socket;
  std::filesystem::path control;
  std::vector<std::filesystem::path> pages;
  std::vector<std::string> tell;
  std::string fault = "none";
  ScannerModel::Options model;
  TypePlate plate;
  bool verbose = false;
};

void describe_options(CLI::App& app, Arguments& arguments) {
  app.add_option("--socket", arguments.socket, "UNIX socket that speaks eSCL; its folder must exist");
  app.add_option("--control", arguments.control, "UNIX socket for commands [control.sock beside --socket]");
  app.add_option("--pages", arguments.pages, "JPEG files, or folders of *.jpg: the sheets in order");
  app.add_option("--sheets", arguments.model.sheets, "sheets in the feeder at the start")->capture_default_str();
  app.add_option("--ppm", arguments.model.pages_per_minute, "pages a minute, 0 = as fast as it goes")
      ->capture_default_str();
  app.add_option("--first-page-ms", arguments.model.first_page_ms, "from the start of a job to its first page")
      ->capture_default_str();
  app.add_option("--fault", arguments.fault, "what goes wrong from the start")->capture_default_str();
  app.add_option("--model", arguments.plate.make_and_model, "make and model")->capture_default_str();
  app.add_option("--serial", arguments.plate.serial_number, "serial number")->capture_default_str();
  app.add_option("--uuid", arguments.plate.uuid, "UUID")->capture_default_str();
  app.add_flag("--verbose", arguments.verbose, "say on standard error what happens");
  app.add_option("--tell", arguments.tell, "send a command to --control of a running simulator, print its reply");
  app.footer(fmt::format("Commands on the control socket:\n{}", commands_help()));
}

Narrator narrator(bool verbose) {
  if (!verbose) {
    return [](const std::string&) {};
  }
  return [](const std::string& line) { fmt::print(stderr, "scanner: {}\n", line); };
}

int simulate(const Arguments& arguments) {
  const EndSignals end;
  auto sides = read_paper(arguments.pages);
  if (!sides) {
    return complain(kProgram, sides.error());
  }
  PageStore pages(std::move(*sides));
  ScannerModel model(arguments.model, narrator(arguments.verbose));
  EsclServer scanner(arguments.socket, arguments.plate, model, pages);
  ControlServer control(arguments.control, model, scanner, [] { ::kill(::getpid(), SIGTERM); });
  for (const Status& opened : {control.open(), scanner.plug()}) {
    if (!opened) {
      return complain(kProgram, opened.error());
    }
  }
  fmt::print("ready socket={} control={} pages={} sheets={}\n", arguments.socket.string(), arguments.control.string(),
             pages.size(), arguments.model.sheets);
  std::fflush(stdout);
  end.wait();
  return 0;
}

int run(int argc, char** argv) {
  CLI::App app("eSCL scanner simulator: real page images, a feeder that empties, faults on command");
  Arguments arguments;
  describe_options(app, arguments);
  CLI11_PARSE(app, argc, argv);
  if (arguments.control.empty()) {
    arguments.control = arguments.socket.parent_path() / "control.sock";
  }
  if (!arguments.tell.empty()) {
    return tell_running(kProgram, arguments.control, arguments.tell);
  }
  if (arguments.socket.empty() || arguments.pages.empty()) {
    return complain(kProgram, make_error(Errc::usage, "arguments", "expected --socket PATH and --pages PATH..."));
  }
  const auto fault = parse_fault(arguments.fault);
  if (!fault) {
    return complain(kProgram, fault.error());
  }
  arguments.model.fault = *fault;
  return simulate(arguments);
}

}  // namespace
}  // namespace quay::rig

int main(int argc, char** argv) { return quay::rig::run(argc, argv); }
