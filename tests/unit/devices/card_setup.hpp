// SPDX-License-Identifier: Apache-2.0
// A private pcscd with a citizen's card, and the real quay-card that reads it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/rig/support/sim_card.hpp"
#include "tests/rig/support/temporary_directory.hpp"
#include "tests/unit/devices/worker_client.hpp"

namespace quay::test {

class CardSetup {
 public:
  /// `arguments` of quay-sim-card.
  explicit CardSetup(std::vector<std::string> arguments = {}, rig::Portrait portrait = rig::Portrait::jpeg);

  rig::SimCard& sim() { return *sim_; }
  void tell(const std::string& command);
  /// A number out of the simulator's status.
  int status(std::string_view key, int slot = 0) const;

  /// quay-card over these readers. `trusted`: with the root of the card's issuer installed.
  enum class Trust : bool { none, installed };
  std::unique_ptr<WorkerClient> worker(Trust trust = Trust::installed) const;

 private:
  rig::TemporaryDirectory directory_;
  std::optional<rig::SimCard> sim_;
};

/// Everything there is, opened with the number that is printed on the card.
frames::ReadCard whole_card();
/// Only what the zone says.
frames::ReadCard identity_only();

/// The values of the parts, later ones over earlier ones.
protocol::CardValues values_of(const Answers& answers);

/// What it says of its truth: "valid", "invalid chip_copied", "" when it does not.
std::string truth_of(const Answers& answers);

}  // namespace quay::test
