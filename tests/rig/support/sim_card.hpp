// SPDX-License-Identifier: Apache-2.0
// quay-sim-card as a child of a test: a private pcscd with cards in its readers, and its control socket.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/support/child_process.hpp"

namespace quay::rig {

enum class Portrait : std::uint8_t { jpeg, jpeg2000 };

struct SimCardOptions {
  Portrait portrait = Portrait::jpeg;
  std::vector<std::string> more_arguments;  ///< as `quay-sim-card --help` has them
};

class SimCard {
 public:
  /// Starts pcscd and puts the cards in; everything lives in `directory`. Returns when pcscd listens.
  /// Errors: those of ChildProcess::start; worker_start_failed with what it printed when it does not get ready.
  static Result<SimCard> start(const std::filesystem::path& directory, const SimCardOptions& options = {});

  /// Sends one command. Errors: as rig::ask.
  Result<std::string> tell(std::string_view command) const;

  /// The value of `key` in the reply to `status SLOT` ("apdus" -> "12"); empty when it does not answer.
  std::string status(std::string_view key, int slot = 0) const;

  /// What a client of pcscd needs in its environment.
  std::map<std::string, std::string> environment() const;
  std::filesystem::path pcscd_socket() const { return directory_ / "pcscd" / "pcscd.comm"; }
  /// The root certificate and revocation list of the cards' issuer.
  std::filesystem::path trust() const { return directory_ / "trust"; }

 private:
  SimCard(ChildProcess process, std::filesystem::path directory)
      : process_(std::move(process)), directory_(std::move(directory)) {}

  ChildProcess process_;
  std::filesystem::path directory_;
};

}  // namespace quay::rig
