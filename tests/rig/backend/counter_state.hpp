// SPDX-License-Identifier: Apache-2.0
// What outlives a process at the simulated scanner: sheets in the feeder, the plug, the button. A small file under
// flock(2), so that a test and any number of workers agree on it.
#pragma once

#include <filesystem>
#include <functional>

namespace quay::rig {

struct CounterState {
  int sheets = 0;  ///< still in the feeder
  int fed = 0;     ///< taken since the feeder was loaded; names the next picture
  bool unplugged = false;
  bool pressed = false;

  bool operator==(const CounterState&) const = default;
};

/// Reads the state at `file`, lets `change` alter it and writes it back, all under the lock; returns the result.
/// A missing file counts as `initially`. Throws std::system_error when the file cannot be opened.
CounterState update_state(const std::filesystem::path& file, const CounterState& initially,
                          const std::function<void(CounterState&)>& change);

/// The same without a change.
CounterState read_state(const std::filesystem::path& file, const CounterState& initially);

}  // namespace quay::rig
