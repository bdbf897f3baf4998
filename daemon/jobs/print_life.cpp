// SPDX-License-Identifier: Apache-2.0
// The life of one print (PrintJobs): what its worker is asked, what is written down before it, and what its end means.
#include <algorithm>

#include <fmt/format.h>

#include "daemon/jobs/print_jobs.hpp"
#include "daemon/jobs/print_source.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::jobs {

namespace frames = protocol::worker;
using core::PrintEvent;
using loop::Awaitable;
using protocol::PrintState;

namespace {

/// How often a document may be sent of which the printer never had all.
constexpr std::int32_t kMostAttempts = 3;
/// How often a worker may die over a print without a word of the printer.
constexpr int kMostFailures = 5;
constexpr Milliseconds kPause{200};

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

}  // namespace

Awaitable<Result<UniqueFd>> PrintJobs::document_of(const Live& live) {
  const storage::ObjectName object = print_object(live.order.job.visit, live.order.job.job);
  const storage::StoredObject expected{live.order.print.bytes, live.order.print.sha256};
  const auto open = [object, expected](storage::Journal&, storage::Spool& spool) {
    return spool.read_into_memfd(object, expected);
  };
  co_return co_await ledger_.run(open);
}

Awaitable<bool> PrintJobs::print_on(Live& live, SourceDevice& device) {
  if (live.job.state == protocol::JobState::queued) {
    live.job.state = protocol::JobState::running;
    const Status started = co_await record(live, protocol::topic::kJobStarted);
    if (!started) {
      co_await pause(live, kPause);
      co_return false;
    }
  }
  const Result<UniqueFd> document = co_await document_of(live);
  if (!document) {
    const PrintEvent event = live.order.print.sent ? PrintEvent::uncertain : PrintEvent::not_printed;
    co_await conclude(live, event, document.error());
    co_return true;
  }
  const Result<Heard> heard = co_await talk(live, device, document->get());
  live.worker = nullptr;
  if (stopping_) {
    co_return false;
  }
  if (!heard) {
    co_return co_await note_failure(live, heard.error());
  }
  co_return co_await decide(live, *heard);
}

frames::Print PrintJobs::frame_of(const Live& live, std::uint64_t request) const {
  frames::Print frame;
  frame.request = request;
  frame.name = fmt::format("quay-{}-{}", live.order.job.job.value, live.order.print.attempt);
  frame.bytes = live.order.print.bytes;
  frame.media = live.order.report.media;
  frame.copies = live.order.report.copies;
  frame.duplex = live.order.report.duplex;
  frame.printer_job = live.order.print.printer_job;
  frame.sent = live.order.print.sent;
  frame.withdrawn = live.order.print.withdrawn;
  return frame;
}

Awaitable<Result<PrintJobs::Heard>> PrintJobs::talk(Live& live, SourceDevice& device, int document) {
  supervise::Worker& worker = device.worker();
  const Deadline ready_by = deadline_in(deadlines_.ready);
  const bool ready = co_await worker.wait_ready(ready_by);
  if (!ready) {
    co_return failure(Errc::worker_start_failed, "print",
                      fmt::format("the printer's worker is {}", core::name(worker.state())));
  }
  const auto make = [&](std::uint64_t request) { return frames::ToWorker(frame_of(live, request)); };
  if (Status started = worker.start(make, {document}); !started) {
    co_return failure(started.error());
  }
  live.worker = &worker;
  Heard heard;
  heard.seen.sent = live.order.print.sent;
  for (;;) {
    const Deadline deadline = deadline_in(deadlines_.frame);
    Result<supervise::Incoming> incoming = co_await worker.next(deadline);
    if (!incoming) {
      co_return failure(incoming.error());
    }
    if (const auto* finished = std::get_if<frames::Finished>(&incoming->message)) {
      heard.error = finished->error ? std::optional(protocol::from_body(*finished->error)) : std::nullopt;
      co_return heard;
    }
    const Status taken = co_await take(live, heard, std::move(*incoming));
    if (!taken) {
      worker.cancel();  // what cannot be written down must not leave
    }
  }
}

Awaitable<Status> PrintJobs::take(Live& live, Heard& heard, supervise::Incoming incoming) {
  if (const auto* placed = std::get_if<frames::Placed>(&incoming.message)) {
    const frames::Placed said = *placed;
    const Status noted = co_await note_placed(live, said);
    if (noted && live.worker != nullptr) {
      live.worker->note_kept(1);
    }
    co_return noted;
  }
  if (const auto* seen = std::get_if<frames::PrintSeen>(&incoming.message)) {
    heard.seen = *seen;
    live.failures = 0;
    co_await note_seen(live, heard.seen);
  } else if (const auto* progress = std::get_if<frames::Progress>(&incoming.message)) {
    announce(live, *progress);
    co_await look_at_clock(live);
  }
  co_return Status();
}

/// From the end of this on a crash finds out what became of the document, and sends it no second time.
Awaitable<Status> PrintJobs::note_placed(Live& live, const frames::Placed& placed) {
  live.order.print.printer_job = placed.printer_job;
  live.order.print.sent = true;
  live.order.report.pages = placed.pages;
  live.order.report.sheets_expected = placed.sheets;
  live.order.report.state = core::step(live.order.report.state, PrintEvent::placed).value_or(PrintState::sending);
  co_return co_await record(live, protocol::topic::kPrintChanged);
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

Awaitable<void> PrintJobs::look_at_clock(Live& live) {
  if (!live.order.report.stale && SteadyClock::now() > live.moved + deadlines_.stale) {
    live.order.report.stale = true;
    co_await tell(live);
  }
}

/// The worker is gone; the printer may go on. Asked again by the next worker.
Awaitable<bool> PrintJobs::note_failure(Live& live, const Error& error) {
  log_.warning("print {}: {}", live.order.job.job.value, describe(error));
  if (++live.failures < kMostFailures) {
    co_await pause(live, kPause);
    co_return false;
  }
  const bool sent = live.order.print.sent;
  const PrintEvent event = sent ? PrintEvent::uncertain : PrintEvent::not_printed;
  std::optional<Error> why = sent ? make_error(Errc::print_uncertain, "print", describe(error)) : error;
  co_await conclude(live, event, std::move(why));
  co_return true;
}

bool PrintJobs::trusts_uncounted(const Live& live) const {
  SourceDevice* device = devices_.find(live.order.job.device.value);
  return device != nullptr && device->spec().trusts_uncounted;
}

Awaitable<void> PrintJobs::take_back(Live& live) {
  live.order.print.attempt += 1;
  live.order.print.printer_job = 0;
  live.order.print.sent = false;
  live.order.report.state = core::step(live.order.report.state, PrintEvent::taken_back).value_or(PrintState::queued);
  co_await tell(live);
  co_await pause(live, kPause);
}

/// True when the print is over.
Awaitable<bool> PrintJobs::decide(Live& live, const Heard& heard) {
  const core::PrintFacts facts = core::facts_of(heard.seen, live.order.report.sheets_expected);
  const core::PrintVerdict verdict = core::judge(facts, trusts_uncounted(live));
  const bool withdrawn = live.order.print.withdrawn;
  const bool own_error = heard.error && heard.error->code != Errc::scan_cancelled;
  if (verdict.event == PrintEvent::taken_back && !withdrawn && !own_error && live.order.print.attempt < kMostAttempts) {
    co_await take_back(live);
    co_return false;
  }
  const bool nothing_came = verdict.event == PrintEvent::taken_back || verdict.event == PrintEvent::not_printed;
  const PrintEvent event = verdict.event == PrintEvent::taken_back ? PrintEvent::not_printed : verdict.event;
  std::optional<Error> error;
  if (event != PrintEvent::printed) {
    const std::string counts = fmt::format("{} of {} sheets, the printer says {}", heard.seen.sheets,
                                           live.order.report.sheets_expected, protocol::enum_name(heard.seen.state));
    error = nothing_came && own_error ? *heard.error : make_error(verdict.code, "print", counts);
  }
  if (withdrawn && event != PrintEvent::printed && event != PrintEvent::uncertain) {
    error = make_error(Errc::scan_cancelled, "print", error->detail);
  }
  co_await conclude(live, event, std::move(error));
  co_return true;
}

Awaitable<void> PrintJobs::conclude(Live& live, PrintEvent event, std::optional<Error> error) {
  protocol::PrintReport& report = live.order.report;
  report.state = core::step(report.state, event).value_or(PrintState::uncertain);
  report.reasons.clear();
  report.stale = false;
  const protocol::JobState running = live.job.state == protocol::JobState::queued && event != PrintEvent::not_printed
                                         ? protocol::JobState::running
                                         : live.job.state;
  live.job.state = core::step(running, job_event(event, live.order.print.withdrawn)).value_or(live.job.state);
  if (error) {
    error->device_id = live.order.job.device.value;
    live.job.error = protocol::to_body(*error);
    log_.info("print {} ended: {}: {}", live.order.job.job.value, live.job.error->code, describe(*error));
  }
  for (Status recorded = co_await record(live, protocol::topic::kJobFinished); !recorded && !stopping_;) {
    co_await pause(live, kPause);  // its end is worth waiting for a disk
    recorded = co_await record(live, protocol::topic::kJobFinished);
  }
}

/// What it waits for, or how far it is. A disk that does not take it has been told of already.
Awaitable<void> PrintJobs::tell(Live& live) {
  const Status recorded = co_await record(live, protocol::topic::kPrintChanged);
  live.order.report.stale = live.order.report.stale && recorded;  // told again with the next look at the clock
}

/// Job, print and the event that tells of them: one transaction.
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
