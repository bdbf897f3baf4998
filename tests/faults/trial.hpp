// SPDX-License-Identifier: Apache-2.0
// One trial: a counter of its own, a feeder full of sheets, a death at a chosen moment, a restart, and the audit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "tests/faults/power_cut.hpp"
#include "tests/faults/witness.hpp"

namespace quay::faults {

inline constexpr int kSheets = 20;

/// What a scan looks like when nothing goes wrong.
struct Control {
  Sheets sheets;
  Milliseconds duration{0};
  std::uint64_t disk_changes = 0;  ///< from the start of quayd to its last page
};

/// Runs it once. Throws std::runtime_error when even that does not work.
Control measure();

enum class Victim { daemon, scanner, imaging, everything };
inline constexpr std::array kVictims{Victim::daemon, Victim::scanner, Victim::imaging, Victim::everything};
const char* name_of(Victim victim);

/// SIGKILL to `victim` after `moment` of the scan.
Broken kill_at(Victim victim, Milliseconds moment, const Control& control);

/// quayd dies before its `change`-th change of the state directory.
struct Death {
  std::uint64_t change = 0;
  std::optional<Unsynced> power{};  ///< and what was not synced goes with it
  std::string lying_about{};        ///< the disk says "synced" of these paths, and did nothing
};
Broken die_at_change(const Death& death, const Control& control);

}  // namespace quay::faults
