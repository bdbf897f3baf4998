// SPDX-License-Identifier: Apache-2.0
// quay-sim-document-camera as a child of a test, its control socket, and what a program needs to see its node.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/support/child_process.hpp"

namespace quay::rig {

struct SimDocumentCameraOptions {
  std::vector<std::filesystem::path> sheets;  ///< what is laid on the desk; empty: page_images()
  std::vector<std::string> more_arguments;    ///< as `quay-sim-document-camera --help` has them
};

class SimDocumentCamera {
 public:
  /// Starts the simulator; its node stands below `directory`/v4l as udev would name it. Returns when it can be opened.
  /// Errors: those of ChildProcess::start; worker_start_failed with what it printed when it does not get ready.
  static Result<SimDocumentCamera> start(const std::filesystem::path& directory,
                                         const SimDocumentCameraOptions& options = {});

  /// Sends one command. Errors: as rig::ask.
  Result<std::string> tell(std::string_view command) const;

  /// The value of `key` in the reply to `status` ("frames" -> "12"); empty when it does not answer.
  std::string status(std::string_view key) const;

  std::filesystem::path node() const { return node_; }
  /// The folder that stands for /dev/v4l.
  std::filesystem::path names() const { return node_.parent_path().parent_path(); }

  /// What a program's environment must hold to see the node.
  static std::string preload();
  /// Makes `place` a program that is `program` with the node in sight, and looks for cameras in names().
  /// Errors: file_unwritable.
  Status wrap(const std::filesystem::path& program, const std::filesystem::path& place) const;

 private:
  SimDocumentCamera(ChildProcess process, std::filesystem::path control, std::filesystem::path node)
      : process_(std::move(process)), control_(std::move(control)), node_(std::move(node)) {}

  ChildProcess process_;
  std::filesystem::path control_;
  std::filesystem::path node_;
};

}  // namespace quay::rig
