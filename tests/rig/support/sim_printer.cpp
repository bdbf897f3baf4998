// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/support/sim_printer.hpp"

#include <csignal>

#include "tests/rig/control/line_server.hpp"
#include "tests/rig/printer/output_tray.hpp"
#include "tests/rig/support/wait_until.hpp"

namespace quay::rig {
namespace {

Result<ChildProcess> launch(const std::filesystem::path& directory, const std::vector<std::string>& more) {
  ChildOptions child;
  child.arguments = {QUAY_SIM_PRINTER, "--tray", directory / "tray", "--control", directory / "printer.sock"};
  child.arguments.insert(child.arguments.end(), more.begin(), more.end());
  child.output_directory = directory;
  child.output_name = "sim-printer";
  auto process = ChildProcess::start(child);
  if (!process) {
    return process;
  }
  const auto settled = [&] { return process->output().find("ready ") != std::string::npos || !process->running(); };
  if (!wait_until(settled) || !process->running()) {
    return failure(Errc::worker_start_failed, "rig.sim_printer", process->transcript());
  }
  return process;
}

}  // namespace

SimPrinter::SimPrinter(ChildProcess process, std::filesystem::path directory, std::vector<std::string> arguments)
    : process_(std::move(process)), directory_(std::move(directory)), arguments_(std::move(arguments)) {
  const std::string said = process_.output();
  uri_ = value_in(said.substr(0, said.find('\n')), "uri");
}

Result<SimPrinter> SimPrinter::start(const std::filesystem::path& directory, std::vector<std::string> more_arguments) {
  auto process = launch(directory, more_arguments);
  if (!process) {
    return failure(process.error());
  }
  return SimPrinter(*std::move(process), directory, std::move(more_arguments));
}

Result<std::string> SimPrinter::tell(std::string_view command) const {
  return ask(directory_ / "printer.sock", command);
}

std::string SimPrinter::status(std::string_view key, std::string_view command) const {
  return value_in(tell(command).value_or(""), key);
}

Status SimPrinter::kill_and_restart() {
  process_.send_signal(SIGKILL);
  if (const auto gone = process_.wait(); !gone) {
    return failure(gone.error());
  }
  const std::size_t start = uri_.find("127.0.0.1:") + 10;
  std::vector<std::string> arguments = arguments_;
  arguments.insert(arguments.end(), {"--port", uri_.substr(start, uri_.find('/', start) - start)});
  auto process = launch(directory_, arguments);
  if (!process) {
    return failure(process.error());
  }
  process_ = *std::move(process);
  return {};
}

std::map<std::string, int> SimPrinter::sheets() const {
  std::map<std::string, int> counted;
  for (const std::string& name : sheets_in(tray())) {
    ++counted[name];
  }
  return counted;
}

}  // namespace quay::rig
