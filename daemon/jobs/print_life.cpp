// SPDX-License-Identifier: Apache-2.0
// The life of one print (PrintJobs): what its worker is asked, and what its last word means.
#include <fmt/format.h>

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

/// How often a document may be sent of which the printer never had all.
constexpr std::int32_t kMostAttempts = 3;
/// How often a worker may die over a print without a word of the printer.
constexpr int kMostFailures = 5;

/// Nothing has left. What only a technician can mend is told as it is; else the clerk prints again.
Error not_sent(const Error& error) {
  const bool for_technician = protocol::error_row(error.code).remedy == protocol::Remedy::technician;
  return for_technician ? error : make_error(Errc::print_not_sent, "print", describe(error));
}

bool is_own_error(const std::optional<Error>& error) { return error && error->code != Errc::scan_cancelled; }

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
      live.job.state = protocol::JobState::queued;
      co_await pause(live, kPause);
      co_return false;
    }
  }
  const Result<UniqueFd> document = co_await document_of(live);
  if (!document) {
    const PrintEvent event = live.order.print.sent ? PrintEvent::uncertain : PrintEvent::not_printed;
    Ending ending{event, document.error()};
    co_await conclude(live, std::move(ending));
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
  frame.name = print_name(live.order.print);
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
    if (!taken || live.is_overdue()) {
      worker.cancel();  // what cannot be written down must not leave; what was cancelled is not waited for without end
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

/// The worker is gone; the printer may go on. Asked again by the next worker.
Awaitable<bool> PrintJobs::note_failure(Live& live, const Error& error) {
  log_.warning("print {}: {}", live.order.job.job.value, describe(error));
  if (++live.failures < kMostFailures) {
    co_await pause(live, kPause);
    co_return false;
  }
  Ending ending = live.order.print.sent
                      ? Ending{PrintEvent::uncertain, make_error(Errc::print_uncertain, "print", describe(error))}
                      : Ending{PrintEvent::not_printed, not_sent(error)};
  co_await conclude(live, std::move(ending));
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
  co_await record_at_last(live, protocol::topic::kPrintChanged);
  co_await pause(live, kPause);
}

/// What the worker knows of a print that did not come is worth more than that it did not.
PrintJobs::Ending PrintJobs::ending_by(const Live& live, const Heard& heard, const core::PrintVerdict& verdict) {
  if (verdict.event == PrintEvent::printed) {
    return {PrintEvent::printed, std::nullopt};
  }
  const bool nothing_came = verdict.event == PrintEvent::taken_back || verdict.event == PrintEvent::not_printed;
  if (nothing_came && is_own_error(heard.error)) {
    return {PrintEvent::not_printed, heard.error};
  }
  const std::string counts = fmt::format("{} of {} sheets, the printer says {}", heard.seen.sheets,
                                         live.order.report.sheets_expected, protocol::enum_name(heard.seen.state));
  const PrintEvent event = nothing_came ? PrintEvent::not_printed : verdict.event;
  return {event, make_error(verdict.code, "print", counts)};
}

/// True when the print is over.
Awaitable<bool> PrintJobs::decide(Live& live, const Heard& heard) {
  const core::PrintFacts facts = core::facts_of(heard.seen, live.order.report.sheets_expected);
  const core::PrintVerdict verdict = core::judge(facts, trusts_uncounted(live));
  const bool may_go_again = verdict.event == PrintEvent::taken_back && !live.order.print.withdrawn &&
                            !is_own_error(heard.error) && live.order.print.attempt < kMostAttempts + live.unkept;
  if (may_go_again) {
    co_await take_back(live);
    co_return false;
  }
  Ending ending = ending_by(live, heard, verdict);
  co_await conclude(live, std::move(ending));
  co_return true;
}

}  // namespace quay::daemon::jobs
