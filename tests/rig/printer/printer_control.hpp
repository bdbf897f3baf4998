// SPDX-License-Identifier: Apache-2.0
// What a hand at the simulated printer can do: the commands of its control socket.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "tests/rig/control/line_server.hpp"
#include "tests/rig/printer/ipp_server.hpp"

namespace quay::rig {

class PrinterControl {
 public:
  /// Borrows `model` and `server`. `quit` is called on the connection's thread after the reply to `quit` was sent.
  PrinterControl(std::filesystem::path socket, PrinterModel& model, IppServer& server, std::function<void()> quit);

  Status open() { return server_.open(); }

 private:
  std::string carry_out(const std::string& verb, const std::string& rest);
  std::string last_job();

  PrinterModel& model_;
  IppServer& printer_;
  LineServer server_;
};

/// One line for each command.
std::string_view printer_commands_help();

}  // namespace quay::rig
