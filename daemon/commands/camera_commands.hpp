// SPDX-License-Identifier: Apache-2.0
// camera.*: pictures as a job, and the live view.
#pragma once

#include "daemon/commands/command_set.hpp"
#include "daemon/commands/job_starter.hpp"
#include "daemon/commands/services.hpp"

namespace quay::daemon::commands {

class CameraCommands {
 public:
  explicit CameraCommands(Services& services) : services_(services), starter_(services) {}

  void add_to(CommandSet& commands);

 private:
  loop::Awaitable<Outcome> capture(RequestPtr request);
  loop::Awaitable<Outcome> live(RequestPtr request);
  loop::Awaitable<void> capture_by_itself(RequestPtr request);

  Services& services_;
  JobStarter starter_;
};

}  // namespace quay::daemon::commands
