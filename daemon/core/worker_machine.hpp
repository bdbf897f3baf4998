// SPDX-License-Identifier: Apache-2.0
// The life of a worker process as a table: which event leads from which state to which, and what has to be done then.
//
//   down -spawned-> starting -hello-> ready <-finished- busy -deadline|cancelled-> cancelling -grace_over-> dying
//   -exited-> resting, ready -deaf-> dying, any living state -exited-> resting -rested-> down,   resting -gave_up->
//   quarantined -rested-> down
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace quay::daemon::core {

enum class WorkerState : std::uint8_t {
  down,         ///< no process
  starting,     ///< spawned, has not said Hello
  ready,        ///< waits for a request
  busy,         ///< a request runs
  cancelling,   ///< Cancel was sent, the grace period runs
  dying,        ///< SIGKILL was sent, the exit is awaited
  resting,      ///< dead, the backoff runs
  quarantined,  ///< died too often; parked
};

enum class WorkerEvent : std::uint8_t {
  spawned,
  hello,
  request,
  finished,
  deadline,   ///< no sign of life in time
  cancelled,  ///< a client or a shutdown asks to stop
  deaf,       ///< a request could not be sent: dead already, and nobody has noticed
  grace_over,
  exited,
  rested,
  gave_up,
};

enum class WorkerAction : std::uint8_t {
  none,
  spawn,        ///< start a process
  send,         ///< pass the request on
  send_cancel,  ///< ask to stop
  kill,         ///< SIGKILL
  rest,         ///< start the backoff
};

struct WorkerTransition {
  WorkerState from;
  WorkerEvent event;
  WorkerState to;
  WorkerAction action;
};

std::span<const WorkerTransition> worker_transitions();

/// What `event` does in `state`; nothing when it has no meaning there (a late Finished of a killed worker).
std::optional<WorkerTransition> step(WorkerState state, WorkerEvent event);

std::string_view name(WorkerState state);

}  // namespace quay::daemon::core
