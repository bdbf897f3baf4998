// SPDX-License-Identifier: Apache-2.0
// quay-sim-printer as a child of a test, its control socket, and what lies in its tray.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/support/child_process.hpp"

namespace quay::rig {

class SimPrinter {
 public:
  /// Starts the simulator with its socket and tray in `directory` and returns when it listens. more_arguments: as
  /// `quay-sim-printer --help` has them. Errors: those of ChildProcess::start; worker_start_failed.
  static Result<SimPrinter> start(const std::filesystem::path& directory, std::vector<std::string> more_arguments = {});

  /// Sends one command; what follows "ok ". Errors: as rig::ask.
  Result<std::string> tell(std::string_view command) const;
  /// The value of `key` in the reply to `status`, or to another command.
  std::string status(std::string_view key, std::string_view command = "status") const;

  /// kill -9, and the same printer again at the same address: it has forgotten everything.
  Status kill_and_restart();

  const std::string& uri() const { return uri_; }
  std::filesystem::path tray() const { return directory_ / "tray"; }
  /// Sheets in the tray of each job, by its name.
  std::map<std::string, int> sheets() const;
  ChildProcess& process() { return process_; }

 private:
  SimPrinter(ChildProcess process, std::filesystem::path directory, std::vector<std::string> arguments);

  ChildProcess process_;
  std::filesystem::path directory_;
  std::vector<std::string> arguments_;
  std::string uri_;
};

}  // namespace quay::rig
