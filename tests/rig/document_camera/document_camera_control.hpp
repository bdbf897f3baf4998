// SPDX-License-Identifier: Apache-2.0
// What a hand at the simulated document camera can do: the commands of its control socket.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "tests/rig/control/line_server.hpp"
#include "tests/rig/document_camera/video_server.hpp"

namespace quay::rig {

class DocumentCameraControl {
 public:
  /// Borrows `camera` and `node`. `quit`: as LineServer has it.
  DocumentCameraControl(std::filesystem::path socket, DocumentCameraModel& camera, VideoServer& node,
                        std::function<void()> quit);

  /// Errors as SocketServer::open.
  Status open() { return server_.open(); }

 private:
  std::string carry_out(const std::string& verb, const std::string& rest);
  std::string lay(const std::string& verb, const std::string& rest);
  std::string change_cable(const std::string& verb);

  DocumentCameraModel& camera_;
  VideoServer& node_;
  LineServer server_;
};

/// One line for each command.
std::string_view document_camera_commands_help();

}  // namespace quay::rig
