// SPDX-License-Identifier: Apache-2.0
// What a hand at the simulated scanner can do: the commands of its control socket.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "tests/rig/control/line_server.hpp"
#include "tests/rig/scanner/escl_server.hpp"

namespace quay::rig {

class ControlServer {
 public:
  /// Borrows `model` and `scanner`. `quit` is called on the connection's thread after the reply to `quit` was sent.
  ControlServer(std::filesystem::path socket, ScannerModel& model, EsclServer& scanner, std::function<void()> quit);

  /// Errors as SocketServer::open.
  Status open() { return server_.open(); }

  /// Carries out one command and says how it went, without the line end. Commands: `commands_help()`.
  std::string carry_out(std::string_view line) const { return server_.carry_out(line); }

 private:
  std::string carry_out(const std::string& verb, const std::string& rest);

  ScannerModel& model_;
  EsclServer& scanner_;
  LineServer server_;
};

/// One line for each command.
std::string_view commands_help();

}  // namespace quay::rig
