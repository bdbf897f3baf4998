// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/print_jobs.hpp"

#include <algorithm>

#include "daemon/jobs/print_source.hpp"
#include "daemon/jobs/views.hpp"

namespace quay::daemon::jobs {

using core::PrintEvent;
using loop::Awaitable;

namespace {

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

audit::AccessRecord resumed(const PrintOrder& order) {
  audit::AccessRecord record;
  record.peer = "quayd";
  record.action = "print.resume";
  record.visit = order.job.visit.value;
  record.kinds = {"print"};
  record.result = "ok";
  return record;
}

}  // namespace

void PrintJobs::accept(PrintOrder order) {
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
  if (live->order.print.withdrawn) {
    live->stop_by = deadline_in(deadlines_.stop);
  }
  live_.emplace(live->order.job.job, live);
  tasks_.spawn("print", carry_out(live));
}

void PrintJobs::begin(const JobId& job, const Status& logged) {
  const auto found = live_.find(job);
  if (found == live_.end()) {
    return;  // cancelled meanwhile
  }
  found->second->held = false;
  if (!logged) {
    found->second->refused = logged.error();
  }
  found->second->wake.push(0);
}

Awaitable<Status> PrintJobs::recover(Note note) {
  const auto look = [](storage::Journal& journal, storage::Spool&) { return unfinished(journal); };
  auto orders = co_await ledger_.run(look);
  if (!orders) {
    co_return failure(orders.error());
  }
  for (PrintOrder& order : *orders) {
    log_.info("print {} goes on: {}", order.job.job.value, protocol::enum_name(order.report.state));
    const JobId job = order.job.job;
    audit::AccessRecord record = resumed(order);
    const bool may_have_left = order.print.sent;
    accept(std::move(order));
    Status logged;
    if (!may_have_left) {
      logged = co_await note(std::move(record));
    }
    begin(job, logged);
  }
  co_return Status();
}

void PrintJobs::stop() {
  stopping_ = true;
  recalls_.stop();
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

/// A print that needs no printer to end: nothing may leave for one, or none says in time what came.
std::optional<PrintJobs::Ending> PrintJobs::ending_without_printer(const Live& live) {
  if (live.refused && !live.order.print.sent) {
    return Ending{PrintEvent::not_printed, live.refused};
  }
  if (!live.order.print.withdrawn) {
    return std::nullopt;
  }
  if (!live.order.print.sent) {
    return Ending{PrintEvent::not_printed, make_error(Errc::print_cancelled, "print", "nothing had been sent")};
  }
  if (live.is_overdue()) {
    return Ending{PrintEvent::uncertain,
                  make_error(Errc::print_uncertain, "print", "cancelled, and the printer did not say what came")};
  }
  return std::nullopt;
}

/// True when the print is over.
Awaitable<bool> PrintJobs::try_once(Live& live) {
  if (auto ending = ending_without_printer(live)) {
    co_await conclude(live, *std::move(ending));
    co_return true;
  }
  if (live.held) {
    co_await pause(live, kPause);
    co_return false;
  }
  const bool next = is_next(live);
  SourceDevice* device = next ? devices_.find(live.order.job.device.value) : nullptr;
  if (next && device == nullptr) {
    co_await note_no_device(live);
  }
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
  live->stop_by = live->stop_by.value_or(deadline_in(deadlines_.stop));
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

void PrintJobs::settled(const storage::JobRow& job, const storage::PrintRow& print, bool came) {
  if (!came && print.sent) {
    recalls_.want({job.device, print_name(print), print.printer_job});
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
