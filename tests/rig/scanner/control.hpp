// SPDX-License-Identifier: Apache-2.0
// The hand at the simulated scanner: one command a line on a UNIX socket, one reply a line ("ok ...", "error ...").
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "tests/rig/scanner/escl_server.hpp"

namespace quay::rig {

class ControlServer {
 public:
  /// Borrows `model` and `scanner`. `quit` is called on the connection's thread after the reply to `quit` was sent.
  ControlServer(std::filesystem::path socket, ScannerModel& model, EsclServer& scanner, std::function<void()> quit);

  /// Errors as SocketServer::open.
  Status open() { return server_.open(); }

  /// Carries out one command and says how it went, without the line end. Commands: `commands_help()`.
  std::string carry_out(std::string_view line);

 private:
  void serve(int fd);
  std::string carry_out(const std::string& verb, const std::string& rest);

  ScannerModel& model_;
  EsclServer& scanner_;
  std::function<void()> quit_;
  SocketServer server_;
};

/// One line for each command.
std::string_view commands_help();

/// Sends one command to a control socket and returns the reply line. Errors: device_absent when nobody listens,
/// device_timeout after `patience`, device_io when the connection breaks.
Result<std::string> tell(const std::filesystem::path& socket, std::string_view command,
                         Milliseconds patience = Milliseconds(10'000));

}  // namespace quay::rig
