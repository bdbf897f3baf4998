// SPDX-License-Identifier: Apache-2.0
// Waiting for another process to get somewhere: look again and again, never longer than a deadline.
#pragma once

#include <functional>

#include "base/clock.hpp"

namespace quay::rig {

/// Looks every 2 ms until `predicate` is true. False when `deadline` passed first; the predicate is asked at least
/// once, and once more after the deadline, so that a suspended test still sees the truth.
bool wait_until(const std::function<bool()>& predicate, Deadline deadline);

/// The same with a span from now; 20 s suit what should be instant but may run under a sanitizer on a busy machine.
bool wait_until(const std::function<bool()>& predicate, SteadyClock::duration patience = Milliseconds(20'000));

}  // namespace quay::rig
