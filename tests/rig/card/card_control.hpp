// SPDX-License-Identifier: Apache-2.0
// What a hand at the simulated card reader can do: the commands of its control socket.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/card/private_pcscd.hpp"
#include "tests/rig/card/slot.hpp"
#include "tests/rig/control/line_server.hpp"

namespace quay::rig::card {

class CardControl {
 public:
  /// Borrows everything. `quit`: as LineServer has it.
  CardControl(std::filesystem::path socket, std::vector<std::unique_ptr<Slot>>& slots, const Application& application,
              PrivatePcscd& pcscd, std::function<void()> quit);

  /// Errors as SocketServer::open.
  Status open() { return server_.open(); }

 private:
  std::string carry_out(const std::string& verb, const std::string& rest);
  std::string at_slot(const std::string& verb, const std::string& rest);
  std::string daemon(const std::string& what);

  std::vector<std::unique_ptr<Slot>>& slots_;
  const Application& application_;
  PrivatePcscd& pcscd_;
  LineServer server_;
};

/// One line for each command.
std::string_view card_commands_help();

}  // namespace quay::rig::card
