// SPDX-License-Identifier: Apache-2.0
// Carries out what a script says goes wrong: a status, a hang that only SIGKILL ends, a crash, a pulled plug.
#pragma once

#include <optional>
#include <string>

#include "tests/rig/backend/script.hpp"

namespace quay::rig {

/// The first fault due at `place` on `page` after `bytes`; null when all is well. For a `page` of 0 (calls outside a
/// page) the fault's page is not looked at.
const ScriptedFault* find_fault(const Script& script, Place place, int page, std::size_t bytes);

/// Does what the fault says. Returns only for a status, an unplug (IO_ERROR; INVAL at open) and for SIGPIPE where it
/// is ignored (IO_ERROR). Traces "<place> <action> page=N" first.
SANE_Status suffer(const Script& script, const ScriptedFault& fault, int page);

/// find_fault and suffer in one; nothing when all is well.
std::optional<SANE_Status> strike(const Script& script, Place place, int page, std::size_t bytes);

/// Adds a line to the script's trace file, when it has one.
void trace(const Script& script, const std::string& line);

/// The state file's content when it does not exist yet.
struct CounterState initial_state(const Script& script);

}  // namespace quay::rig
