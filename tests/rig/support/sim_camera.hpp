// SPDX-License-Identifier: Apache-2.0
// quay-sim-camera as a child of a test, and its control socket.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/support/child_process.hpp"

namespace quay::rig {

struct SimCameraOptions {
  std::vector<std::filesystem::path> scenes;  ///< what its lens sees; empty: page_images()
  std::vector<std::string> more_arguments;    ///< as `quay-sim-camera --help` has them
};

class SimCamera {
 public:
  /// Starts the simulator with its control socket in `directory` and returns when it listens.
  /// Errors: those of ChildProcess::start; worker_start_failed with what it printed when it does not get ready.
  static Result<SimCamera> start(const std::filesystem::path& directory, const SimCameraOptions& options = {});

  /// Sends one command. Errors: as rig::ask.
  Result<std::string> tell(std::string_view command) const;

  /// The value of `key` in the reply to `status` ("taken" -> "1"); empty when it does not answer.
  std::string status(std::string_view key) const;

  /// The port as libgphoto2 spells it.
  std::string port() const;

 private:
  SimCamera(ChildProcess process, std::filesystem::path control, std::string number)
      : process_(std::move(process)), control_(std::move(control)), number_(std::move(number)) {}

  ChildProcess process_;
  std::filesystem::path control_;
  std::string number_;
};

}  // namespace quay::rig
