// SPDX-License-Identifier: Apache-2.0
// Prints that are over for the clerk and perhaps not for the printer: it is asked to stop them, so that the jam that is
// cleared in an hour gives no sheet that was printed again meanwhile. Knows their names and numbers only, tries for a
// while, and forgets them with the end of quayd.
#pragma once

#include <string>

#include "base/log.hpp"
#include "daemon/jobs/device_set.hpp"
#include "daemon/loop/task_group.hpp"

namespace quay::daemon::jobs {

struct Recall {
  DeviceId device;
  std::string name;              ///< of the job, at the printer
  std::int32_t printer_job = 0;  ///< its number there; 0: it is found by its name
};

struct RecallDeadlines {
  Milliseconds ready{20'000};  ///< for a worker that is just starting
  Milliseconds frame{60'000};  ///< between two frames of a worker
  Milliseconds stop{60'000};   ///< for the printer to stop it, in one try
};

class PrintRecalls {
 public:
  PrintRecalls(loop::Loop& loop, const Log& log, DeviceSet& devices, loop::TaskGroup& tasks)
      : loop_(loop), log_(log), devices_(devices), tasks_(tasks) {}

  void set_deadlines(const RecallDeadlines& deadlines) { deadlines_ = deadlines; }

  /// Has its printer stop that job, as soon as no print uses it; gives up after ten minutes.
  void want(Recall recall);
  void stop() { stopping_ = true; }

 private:
  loop::Awaitable<void> carry_out(Recall recall);
  loop::Awaitable<bool> ask(SourceDevice& device, const Recall& recall);
  loop::Awaitable<bool> hear(supervise::Worker& worker);

  loop::Loop& loop_;
  const Log& log_;
  DeviceSet& devices_;
  loop::TaskGroup& tasks_;
  RecallDeadlines deadlines_;
  bool stopping_ = false;
};

}  // namespace quay::daemon::jobs
