// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/support/sim_card.hpp"

#include <fmt/format.h>

#include "tests/rig/control/line_server.hpp"
#include "tests/rig/support/wait_until.hpp"

namespace quay::rig {

Result<SimCard> SimCard::start(const std::filesystem::path& directory, const SimCardOptions& options) {
  const std::filesystem::path cards = QUAY_TEST_CARDS_DIRECTORY;
  ChildOptions child;
  child.arguments = {QUAY_SIM_CARD,
                     "--directory",
                     directory,
                     "--trust",
                     directory / "trust",
                     "--portrait",
                     cards / (options.portrait == Portrait::jpeg ? "portrait.jpg" : "portrait.jp2")};
  child.arguments.insert(child.arguments.end(), options.more_arguments.begin(), options.more_arguments.end());
  child.output_directory = directory;
  child.output_name = "sim-card";
  auto process = ChildProcess::start(child);
  if (!process) {
    return failure(process.error());
  }
  const auto settled = [&] { return process->output().find('\n') != std::string::npos || !process->running(); };
  if (!wait_until(settled) || !process->running()) {
    return failure(Errc::worker_start_failed, "rig.sim_card", process->transcript());
  }
  return SimCard(std::move(*process), directory);
}

Result<std::string> SimCard::tell(std::string_view command) const { return ask(directory_ / "card.sock", command); }

std::string SimCard::status(std::string_view key, int slot) const {
  return value_in(tell(fmt::format("status {}", slot)).value_or(""), key);
}

std::map<std::string, std::string> SimCard::environment() const {
  return {{"PCSCLITE_CSOCK_NAME", pcscd_socket().string()}};
}

}  // namespace quay::rig
