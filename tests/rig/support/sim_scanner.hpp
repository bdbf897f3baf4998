// SPDX-License-Identifier: Apache-2.0
// quay-sim-scanner as a child of a test, and its control socket.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/support/child_process.hpp"

namespace quay::rig {

struct SimScannerOptions {
  int sheets = 3;
  double pages_per_minute = 0;               ///< 0 = as fast as it goes
  std::vector<std::filesystem::path> pages;  ///< empty: page_images()
  std::vector<std::string> more_arguments;   ///< as `quay-sim-scanner --help` has them
};

class SimScanner {
 public:
  /// Starts the simulator with its sockets in `directory` (escl.sock, control.sock) and returns when it listens.
  /// Errors: those of ChildProcess::start; worker_start_failed with what it printed when it does not get ready.
  static Result<SimScanner> start(const std::filesystem::path& directory, const SimScannerOptions& options = {});

  /// Sends one command. Errors: as rig::tell; usage with the reply when it is not "ok ...". Returns what follows "ok ".
  Result<std::string> tell(std::string_view command) const;

  /// The value of `key` in the reply to `status` ("stalled" -> "1"); empty when it does not answer.
  std::string status(std::string_view key) const;

  /// Writes `directory`/sane for this scanner and returns that path: the SANE_CONFIG_DIR.
  Result<std::filesystem::path> write_sane_config(const std::string& name = "Quay") const;

  const std::filesystem::path& socket() const { return socket_; }
  const std::filesystem::path& control() const { return control_; }
  ChildProcess& process() { return process_; }

 private:
  SimScanner(ChildProcess process, std::filesystem::path directory);

  ChildProcess process_;
  std::filesystem::path directory_;
  std::filesystem::path socket_;
  std::filesystem::path control_;
};

}  // namespace quay::rig
