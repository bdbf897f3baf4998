// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/running_jobs.hpp"

#include <algorithm>

#include "daemon/loop/mailbox.hpp"

namespace quay::daemon::jobs {
namespace {

constexpr Milliseconds kLook{20};

}  // namespace

Status RunningJobs::cancel(const JobId& job) {
  Status cancelled = failure(Errc::job_unknown, "job.cancel", "no running job " + job.value);
  for (JobFamily* family : families_) {
    if (!cancelled) {
      cancelled = family->cancel(job);
    }
  }
  return cancelled;
}

void RunningJobs::cancel_in(const VisitId& visit) {
  for (JobFamily* family : families_) {
    family->cancel_in(visit);
  }
}

bool RunningJobs::add_waiter(const JobId& job, const publish::ReplyAddress& address) {
  return std::any_of(families_.begin(), families_.end(),
                     [&](JobFamily* family) { return family->add_waiter(job, address); });
}

bool RunningJobs::runs_in(const VisitId& visit) const {
  return std::any_of(families_.begin(), families_.end(),
                     [&](const JobFamily* family) { return family->runs_in(visit); });
}

loop::Awaitable<bool> RunningJobs::wait_idle(VisitId visit, Deadline deadline) {
  loop::Mailbox<int> pause(loop_);
  while (runs_in(visit) && SteadyClock::now() < deadline) {
    const Deadline look_again = deadline_in(kLook);
    co_await pause.receive(look_again);
  }
  co_return !runs_in(visit);
}

}  // namespace quay::daemon::jobs
