// SPDX-License-Identifier: Apache-2.0
// Everything that runs, whatever kind it is: who cancels a job, closes a visit or waits for an end need not know which
// kinds there are.
#pragma once

#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "daemon/loop/awaitable.hpp"
#include "daemon/publish/command_socket.hpp"

namespace quay::daemon::jobs {

/// Jobs of one kind that are not over.
class JobFamily {
 public:
  JobFamily() = default;
  JobFamily(const JobFamily&) = delete;
  JobFamily& operator=(const JobFamily&) = delete;
  virtual ~JobFamily() = default;

  /// Asks a job to stop. Errors: job_unknown when it does not run (any more).
  virtual Status cancel(const JobId& job) = 0;
  virtual void cancel_in(const VisitId& visit) = 0;
  /// Adds an address that wants the final reply too. False when the job does not run.
  virtual bool add_waiter(const JobId& job, publish::ReplyAddress address) = 0;
  virtual bool runs_in(const VisitId& visit) const = 0;
};

class RunningJobs {
 public:
  RunningJobs(loop::Loop& loop, std::vector<JobFamily*> families) : loop_(loop), families_(std::move(families)) {}

  Status cancel(const JobId& job);
  void cancel_in(const VisitId& visit);
  bool add_waiter(const JobId& job, const publish::ReplyAddress& address);
  bool runs_in(const VisitId& visit) const;
  /// Waits until nothing runs in the visit; false when something still does by `deadline`.
  loop::Awaitable<bool> wait_idle(VisitId visit, Deadline deadline);

 private:
  loop::Loop& loop_;
  std::vector<JobFamily*> families_;
};

}  // namespace quay::daemon::jobs
