// SPDX-License-Identifier: Apache-2.0
// What is written down of a print (PrintJobs), before anything depends on it: that its document may leave, what it
// waits for, and how it ended.
#include "daemon/jobs/print_jobs.hpp"
#include "daemon/jobs/print_source.hpp"
#include "protocol/client/error_table.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::jobs {

namespace frames = protocol::worker;
using core::PrintEvent;
using loop::Awaitable;
using protocol::PrintState;

namespace {

std::string text_of(const protocol::PrintReport& report) { return boost::json::serialize(protocol::to_json(report)); }

core::JobEvent job_event(PrintEvent event, bool withdrawn) {
  if (event == PrintEvent::printed) {
    return core::JobEvent::completed;
  }
  return withdrawn && event != PrintEvent::uncertain ? core::JobEvent::cancelled : core::JobEvent::failed;
}

std::vector<std::string> codes_of(const std::vector<protocol::ErrorBody>& troubles) {
  std::vector<std::string> codes;
  codes.reserve(troubles.size());
  for (const protocol::ErrorBody& trouble : troubles) {
    codes.push_back(trouble.code);
  }
  return codes;
}

/// The error that goes with an end. Who cancelled a print is told so, whatever stopped it in the end.
std::optional<Error> told_of(PrintEvent event, std::optional<Error> why, const PrintOrder& order) {
  const bool stopped = event == PrintEvent::not_printed || event == PrintEvent::partly;
  if (why && order.print.withdrawn && stopped) {
    why = make_error(Errc::print_cancelled, "print", std::move(why->detail));
  }
  if (why) {
    why->device_id = order.job.device.value;
  }
  return why;
}

Result<bool> is_purged(storage::Journal& open, const VisitId& visit) {
  const auto row = open.visit(visit);
  return row ? Result<bool>(!*row || (*row)->purged) : Result<bool>(failure(row.error()));
}

/// What a purge leaves of a job.
storage::JobRow without_words(storage::JobRow job) {
  job.arguments.clear();
  job.error.reset();
  return job;
}

}  // namespace

/// From the end of this on a crash finds out what became of the document, and sends it no second time. What the disk
/// did not take has not happened: nothing leaves then, and it is no attempt.
Awaitable<Status> PrintJobs::note_placed(Live& live, const frames::Placed& placed) {
  const PrintState before = live.order.report.state;
  live.order.print.printer_job = placed.printer_job;
  live.order.print.sent = true;
  live.order.report.pages = placed.pages;
  live.order.report.sheets_expected = placed.sheets;
  live.order.report.state = core::step(live.order.report.state, PrintEvent::placed).value_or(PrintState::sending);
  Status recorded = co_await record(live, protocol::topic::kPrintChanged);
  if (!recorded) {
    live.order.print.printer_job = 0;
    live.order.print.sent = false;
    live.order.report.state = before;
    ++live.unkept;
  }
  co_return recorded;
}

/// What it waits for is worth a row; each sheet is not.
Awaitable<void> PrintJobs::note_seen(Live& live, const frames::PrintSeen& seen) {
  protocol::PrintReport& report = live.order.report;
  const std::vector<std::string> reasons = codes_of(seen.waits_for);
  const bool moved = seen.sheets != report.sheets_printed || reasons != report.reasons;
  const bool news = reasons != report.reasons || (moved && report.stale);
  if (moved) {
    live.moved = SteadyClock::now();
    report.stale = false;
  }
  report.sheets_printed = seen.sheets;
  report.reasons = reasons;
  if (news) {
    co_await tell(live);
  }
}

/// The configuration has no such printer (any more). It may come back; until then the clerk sees why nothing comes.
Awaitable<void> PrintJobs::note_no_device(Live& live) {
  std::vector<std::string>& reasons = live.order.report.reasons;
  const std::string reason(protocol::error_row(Errc::device_unknown).wire);
  if (reasons != std::vector{reason}) {
    reasons = {reason};
    co_await tell(live);
  }
  co_await look_at_clock(live);
}

Awaitable<void> PrintJobs::look_at_clock(Live& live) {
  if (!live.order.report.stale && SteadyClock::now() > live.moved + deadlines_.stale) {
    live.order.report.stale = true;
    co_await tell(live);
  }
}

Awaitable<void> PrintJobs::conclude(Live& live, Ending ending) {
  const PrintEvent event = ending.event;
  const std::optional<Error> error = told_of(event, std::move(ending.why), live.order);
  protocol::PrintReport& report = live.order.report;
  report.state = core::step(report.state, event).value_or(PrintState::uncertain);
  report.reasons.clear();
  report.stale = false;
  const protocol::JobState running = live.job.state == protocol::JobState::queued && event != PrintEvent::not_printed
                                         ? protocol::JobState::running
                                         : live.job.state;
  live.job.state = core::step(running, job_event(event, live.order.print.withdrawn)).value_or(live.job.state);
  if (error) {
    live.job.error = protocol::to_body(*error);
    log_.info("print {} ended: {}: {}", live.order.job.job.value, live.job.error->code, describe(*error));
  }
  co_await record_at_last(live, protocol::topic::kJobFinished);
  if (event == PrintEvent::uncertain && live.order.print.withdrawn) {
    recalls_.want({live.order.job.device, print_name(live.order.print), live.order.print.printer_job});
  }
}

/// What is worth waiting for a disk.
Awaitable<void> PrintJobs::record_at_last(Live& live, const char* topic) {
  for (Status recorded = co_await record(live, topic); !recorded && !stopping_;) {
    co_await pause(live, kPause);
    recorded = co_await record(live, topic);
  }
}

/// What it waits for, or how far it is. A disk that does not take it has been told of already.
Awaitable<void> PrintJobs::tell(Live& live) {
  const Status recorded = co_await record(live, protocol::topic::kPrintChanged);
  live.order.report.stale = live.order.report.stale && recorded;  // told again with the next look at the clock
}

/// Job, print and the event that tells of them: one transaction. Nothing comes back into a visit that was purged.
Awaitable<Status> PrintJobs::record(Live& live, const char* topic) {
  live.job.print = live.order.report;
  live.order.print.report = text_of(live.order.report);
  live.order.job.state = live.job.state;
  if (live.job.error) {
    live.order.job.error = boost::json::serialize(protocol::to_json(*live.job.error));
  }
  const bool changed = std::string_view(topic) == protocol::topic::kPrintChanged;
  const std::string& visit = live.job.visit;
  const protocol::PrintChanged news{{}, live.job.job, live.job.device, live.order.report};
  const protocol::Event event = changed ? make_event(topic, news, visit, live.order.request_id)
                                        : make_event(topic, live.job, visit, live.order.request_id);
  const Ledger::Change change = [job = live.order.job, print = live.order.print, event](
                                    storage::Journal& journal, storage::Spool&, Events& events) {
    return journal.transact([&](storage::Journal& open) -> Status {
      const auto purged = is_purged(open, job.visit);
      if (!purged) {
        return failure(purged.error());
      }
      if (*purged) {
        return open.put(without_words(job));
      }
      Status put = open.put(job);
      put = put ? open.put(print) : put;
      return put ? append(open, events, event) : put;
    });
  };
  const Status committed = co_await ledger_.commit(change);
  if (!committed) {
    log_.error("print {}: {}", live.order.job.job.value, describe(committed.error()));
  }
  co_return committed;
}

void PrintJobs::announce(const Live& live, const frames::Progress& progress) {
  protocol::JobProgress data;
  data.job = live.job.job;
  data.device = live.job.device;
  data.stage = protocol::enum_name(progress.stage);
  data.page = progress.rows_done;
  if (progress.rows_total > 0) {
    data.percent = static_cast<std::int32_t>(100LL * progress.rows_done / progress.rows_total);
  }
  ledger_.announce(make_event(protocol::topic::kJobProgress, data, live.job.visit, live.order.request_id));
}

}  // namespace quay::daemon::jobs
