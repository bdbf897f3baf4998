// SPDX-License-Identifier: Apache-2.0
#include "daemon/core/worker_machine.hpp"

#include <algorithm>

namespace quay::daemon::core {
namespace {

using enum WorkerState;
using Event = WorkerEvent;
using Action = WorkerAction;

constexpr std::array kTransitions{
    WorkerTransition{down, Event::spawned, starting, Action::none},
    WorkerTransition{starting, Event::hello, ready, Action::none},
    WorkerTransition{starting, Event::deadline, dying, Action::kill},
    WorkerTransition{starting, Event::exited, resting, Action::rest},
    WorkerTransition{ready, Event::request, busy, Action::send},
    WorkerTransition{ready, Event::deaf, dying, Action::kill},
    WorkerTransition{ready, Event::exited, resting, Action::rest},
    WorkerTransition{busy, Event::finished, ready, Action::none},
    WorkerTransition{busy, Event::deadline, cancelling, Action::send_cancel},
    WorkerTransition{busy, Event::cancelled, cancelling, Action::send_cancel},
    WorkerTransition{busy, Event::exited, resting, Action::rest},
    WorkerTransition{cancelling, Event::finished, ready, Action::none},
    WorkerTransition{cancelling, Event::grace_over, dying, Action::kill},
    WorkerTransition{cancelling, Event::exited, resting, Action::rest},
    WorkerTransition{dying, Event::exited, resting, Action::rest},
    WorkerTransition{resting, Event::rested, down, Action::spawn},
    WorkerTransition{resting, Event::gave_up, quarantined, Action::rest},
    WorkerTransition{quarantined, Event::rested, down, Action::spawn},
};

}  // namespace

std::span<const WorkerTransition> worker_transitions() { return kTransitions; }

std::optional<WorkerTransition> step(WorkerState state, WorkerEvent event) {
  const auto* found = std::find_if(kTransitions.begin(), kTransitions.end(), [&](const WorkerTransition& transition) {
    return transition.from == state && transition.event == event;
  });
  return found == kTransitions.end() ? std::nullopt : std::optional(*found);
}

std::string_view name(WorkerState state) {
  switch (state) {
    case down: return "down";
    case starting: return "starting";
    case ready: return "ready";
    case busy: return "busy";
    case cancelling: return "cancelling";
    case dying: return "dying";
    case resting: return "resting";
    case quarantined: return "quarantined";
  }
  return "";
}

}  // namespace quay::daemon::core
