// SPDX-License-Identifier: Apache-2.0
// The life of a job as a table: queued -> running -> done | failed | cancelled | interrupted. A job that is over moves
// never again, but for one: a print is done when the clerk has seen its sheets.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "protocol/client/commands.hpp"

namespace quay::daemon::core {

enum class JobEvent : std::uint8_t {
  started,         ///< the device was asked
  completed,       ///< every page is ready
  failed,          ///< the device, a page or the count went wrong
  cancelled,       ///< a client asked
  daemon_stopped,  ///< found unfinished at the next start
  clerk_saw_it,    ///< print.settle
};

struct JobTransition {
  protocol::JobState from;
  JobEvent event;
  protocol::JobState to;
};

std::span<const JobTransition> job_transitions();

/// The state after `event`, or nothing when `event` has no meaning in `state`.
std::optional<protocol::JobState> step(protocol::JobState state, JobEvent event);

bool is_over(protocol::JobState state);

}  // namespace quay::daemon::core
