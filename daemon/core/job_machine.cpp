// SPDX-License-Identifier: Apache-2.0
#include "daemon/core/job_machine.hpp"

#include <algorithm>
#include <array>

namespace quay::daemon::core {
namespace {

using enum protocol::JobState;

constexpr std::array kTransitions{
    JobTransition{queued, JobEvent::started, running},
    JobTransition{queued, JobEvent::failed, protocol::JobState::failed},
    JobTransition{queued, JobEvent::cancelled, protocol::JobState::cancelled},
    JobTransition{queued, JobEvent::daemon_stopped, interrupted},
    JobTransition{running, JobEvent::completed, done},
    JobTransition{running, JobEvent::failed, protocol::JobState::failed},
    JobTransition{running, JobEvent::cancelled, protocol::JobState::cancelled},
    JobTransition{running, JobEvent::daemon_stopped, interrupted},
    JobTransition{protocol::JobState::failed, JobEvent::clerk_saw_it, done},
    JobTransition{protocol::JobState::cancelled, JobEvent::clerk_saw_it, done},
};

}  // namespace

std::span<const JobTransition> job_transitions() { return kTransitions; }

std::optional<protocol::JobState> step(protocol::JobState state, JobEvent event) {
  const auto* found = std::find_if(kTransitions.begin(), kTransitions.end(), [&](const JobTransition& transition) {
    return transition.from == state && transition.event == event;
  });
  return found == kTransitions.end() ? std::nullopt : std::optional(found->to);
}

bool is_over(protocol::JobState state) { return state != queued && state != running; }

}  // namespace quay::daemon::core
