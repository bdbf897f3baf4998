// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/print_jobs.hpp"

#include <algorithm>

#include "daemon/jobs/views.hpp"

namespace quay::daemon::jobs {

using core::PrintEvent;
using loop::Awaitable;

namespace {

constexpr Milliseconds kPause{200};

/// Prints of the journal that are not over.
Result<std::vector<PrintOrder>> unfinished(storage::Journal& journal) {
  const auto rows = journal.unfinished_jobs();
  if (!rows) {
    return failure(rows.error());
  }
  std::vector<PrintOrder> orders;
  for (const storage::JobRow& job : *rows) {
    auto print = journal.print(job.job);
    if (!print) {
      return failure(print.error());
    }
    if (*print) {
      PrintOrder order{job, **std::move(print), {}};
      order.report = print_report(order.print);
      orders.push_back(std::move(order));
    }
  }
  return orders;
}

}  // namespace

void PrintJobs::enlist(PrintOrder order) {
  auto live = std::make_shared<Live>(loop_);
  live->number = ++enlisted_;
  live->job.job = order.job.job.value;
  live->job.kind = order.job.kind;
  live->job.visit = order.job.visit.value;
  live->job.device = order.job.device.value;
  live->job.state = order.job.state;
  live->job.print = order.report;
  live->order = std::move(order);
  live->moved = SteadyClock::now();
  live_.emplace(live->order.job.job, live);
  tasks_.spawn("print", carry_out(live));
}

Awaitable<Status> PrintJobs::recover() {
  const auto look = [](storage::Journal& journal, storage::Spool&) { return unfinished(journal); };
  auto orders = co_await ledger_.run(look);
  if (!orders) {
    co_return failure(orders.error());
  }
  for (PrintOrder& order : *orders) {
    log_.info("print {} goes on: {}", order.job.job.value, protocol::enum_name(order.report.state));
    enlist(std::move(order));
  }
  co_return Status();
}

void PrintJobs::stop() {
  stopping_ = true;
  for (const auto& [job, live] : live_) {
    live->wake.close();
  }
}

Awaitable<void> PrintJobs::pause(Live& live, Milliseconds span) {
  const Deadline until = deadline_in(span);
  co_await live.wake.receive(until);
}

void PrintJobs::wake_others() {
  for (const auto& [job, live] : live_) {
    live->wake.push(0);
  }
}

/// Nobody who came earlier waits for the same printer.
bool PrintJobs::is_next(const Live& live) const {
  return std::none_of(live_.begin(), live_.end(), [&](const auto& entry) {
    return entry.second->order.job.device == live.order.job.device && entry.second->number < live.number;
  });
}

Awaitable<void> PrintJobs::carry_out(LivePtr live) {
  bool over = false;
  while (!over && !stopping_) {
    over = co_await try_once(*live);
  }
  live_.erase(live->order.job.job);
  wake_others();
  if (over && over_) {
    over_(live->job, live->waiters);
  }
}

/// True when the print is over.
Awaitable<bool> PrintJobs::try_once(Live& live) {
  if (live.order.print.withdrawn && !live.order.print.sent) {
    std::optional<Error> why = make_error(Errc::scan_cancelled, "print", "nothing had been sent");
    co_await conclude(live, PrintEvent::not_printed, std::move(why));
    co_return true;
  }
  SourceDevice* device = is_next(live) ? devices_.find(live.order.job.device.value) : nullptr;
  if (device == nullptr || !device->try_acquire()) {
    co_await pause(live, kPause);
    co_return false;
  }
  const bool over = co_await print_on(live, *device);
  device->release();
  co_return over;
}

/// A print that was cancelled stays cancelled over a crash.
Awaitable<void> PrintJobs::note_withdrawn(LivePtr live) {
  if (!core::is_over(live->order.report.state)) {
    co_await tell(*live);
  }
}

void PrintJobs::withdraw(const LivePtr& live) {
  live->order.print.withdrawn = true;
  if (live->worker != nullptr) {
    live->worker->withdraw();
  }
  live->wake.push(0);
  tasks_.spawn("print cancelled", note_withdrawn(live));
}

Status PrintJobs::cancel(const JobId& job) {
  const auto found = live_.find(job);
  if (found == live_.end()) {
    return failure(Errc::job_unknown, "job.cancel", "no running print " + job.value);
  }
  withdraw(found->second);
  return {};
}

void PrintJobs::cancel_in(const VisitId& visit) {
  for (const auto& [job, live] : live_) {
    if (live->order.job.visit == visit && !live->order.print.withdrawn) {
      withdraw(live);
    }
  }
}

bool PrintJobs::add_waiter(const JobId& job, publish::ReplyAddress address) {
  const auto found = live_.find(job);
  if (found == live_.end()) {
    return false;
  }
  found->second->waiters.push_back(std::move(address));
  return true;
}

bool PrintJobs::runs_in(const VisitId& visit) const {
  return std::any_of(live_.begin(), live_.end(),
                     [&](const auto& entry) { return entry.second->order.job.visit == visit; });
}

}  // namespace quay::daemon::jobs
