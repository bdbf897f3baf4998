// SPDX-License-Identifier: Apache-2.0
// What a hand at the simulated camera can do: the commands of its control socket.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "tests/rig/camera/ptpip_server.hpp"
#include "tests/rig/control/line_server.hpp"

namespace quay::rig {

class CameraControl {
 public:
  /// Borrows `camera` and `wire`. `quit`: as LineServer has it.
  CameraControl(std::filesystem::path socket, CameraModel& camera, PtpIpServer& wire, std::function<void()> quit);

  /// Errors as SocketServer::open.
  Status open() { return server_.open(); }

 private:
  std::string carry_out(const std::string& verb, const std::string& rest);
  std::string set_number(const std::string& verb, const std::string& rest);

  CameraModel& camera_;
  PtpIpServer& wire_;
  LineServer server_;
};

/// One line for each command.
std::string_view camera_commands_help();

}  // namespace quay::rig
