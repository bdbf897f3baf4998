// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/support/sim_scanner.hpp"

#include <fmt/format.h>

#include "tests/rig/scanner/control.hpp"
#include "tests/rig/scanner/sane_config.hpp"
#include "tests/rig/support/page_images.hpp"
#include "tests/rig/support/wait_until.hpp"

namespace quay::rig {
namespace {

std::vector<std::string> command_line(const std::filesystem::path& directory, const SimScannerOptions& options) {
  std::vector<std::string> arguments{QUAY_SIM_SCANNER, "--verbose",
                                     "--socket",       directory / "escl.sock",
                                     "--control",      directory / "control.sock",
                                     "--sheets",       fmt::format("{}", options.sheets),
                                     "--ppm",          fmt::format("{}", options.pages_per_minute),
                                     "--pages"};
  for (const auto& page : options.pages.empty() ? page_images() : options.pages) {
    arguments.push_back(page);
  }
  arguments.insert(arguments.end(), options.more_arguments.begin(), options.more_arguments.end());
  return arguments;
}

}  // namespace

SimScanner::SimScanner(ChildProcess process, std::filesystem::path directory)
    : process_(std::move(process)),
      directory_(std::move(directory)),
      socket_(directory_ / "escl.sock"),
      control_(directory_ / "control.sock") {}

Result<SimScanner> SimScanner::start(const std::filesystem::path& directory, const SimScannerOptions& options) {
  ChildOptions child;
  child.arguments = command_line(directory, options);
  child.output_directory = directory;
  child.output_name = "sim-scanner";
  auto process = ChildProcess::start(child);
  if (!process) {
    return failure(process.error());
  }
  const auto settled = [&] { return process->output().find("ready ") != std::string::npos || !process->running(); };
  if (!wait_until(settled) || !process->running()) {
    return failure(Errc::worker_start_failed, "rig.sim_scanner", process->transcript());
  }
  return SimScanner(std::move(*process), directory);
}

Result<std::string> SimScanner::tell(std::string_view command) const { return ask(control_, command); }

std::string SimScanner::status(std::string_view key) const { return value_in(tell("status").value_or(""), key); }

Result<std::filesystem::path> SimScanner::write_sane_config(const std::string& name) const {
  const std::filesystem::path directory = directory_ / "sane";
  const Status written = rig::write_sane_config(directory, socket_, name);
  if (!written) {
    return failure(written.error());
  }
  return directory;
}

}  // namespace quay::rig
