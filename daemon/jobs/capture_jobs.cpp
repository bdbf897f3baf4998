// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/capture_jobs.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "daemon/jobs/consent.hpp"
#include "daemon/jobs/rework.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::jobs {

namespace frames = protocol::worker;
using frames::Stage;
using loop::Awaitable;
using supervise::Incoming;
using supervise::Worker;

namespace {

Status check_geometry(const frames::PageRead& page) {
  const protocol::PageGeometry& geometry = page.geometry;
  if (!geometry.media_type.empty()) {
    const bool known = geometry.media_type == "image/jpeg" || geometry.media_type == "image/heic";
    return known && page.bytes > 0 ? Status()
                                   : Status(failure(Errc::worker_protocol, "page.receive",
                                                    "image/jpeg, image/heic or rows of pixels were expected"));
  }
  const bool sane = geometry.width > 0 && geometry.height > 0 &&
                    geometry.stride_bytes >= packed_row_bytes(geometry.format, geometry.width) &&
                    page.bytes / geometry.stride_bytes >= static_cast<std::uint64_t>(geometry.height);
  if (!sane) {
    return failure(Errc::worker_protocol, "page.receive",
                   fmt::format("{} bytes cannot be {} x {} pixels", page.bytes, geometry.width, geometry.height));
  }
  return {};
}

storage::CaptureRow capture_row(const CaptureOrder& order, const frames::PageRead& page) {
  storage::CaptureRow capture;
  capture.capture = CaptureId{random_uuid()};
  capture.visit = order.visit;
  capture.job = order.job;
  capture.device = order.device;
  capture.page = page.page;
  capture.profile = order.profile;
  capture.geometry = boost::json::serialize(protocol::to_json(page.geometry));
  capture.adjusted = boost::json::serialize(protocol::to_json(page.adjusted));
  return capture;
}

core::JobEvent event_of(const std::optional<Error>& error) {
  if (!error) {
    return core::JobEvent::completed;
  }
  return error->code == Errc::scan_cancelled ? core::JobEvent::cancelled : core::JobEvent::failed;
}

}  // namespace

void CaptureJobs::enlist(CaptureOrder order, SourceDevice& device, std::function<void(const DeviceUse&)> device_free) {
  auto live = std::make_shared<Live>();
  live->job = protocol::Job{
      {}, order.job.value, order.kind, order.visit.value, order.device.value, protocol::JobState::queued, 0, {}, {},
      {}};
  live->outcomes = std::make_shared<loop::Mailbox<PageOutcome>>(loop_);
  live->device = &device;
  live->device_free = std::move(device_free);
  live->order = std::move(order);
  live_.emplace(live->order.job, live);
}

Awaitable<CaptureJobs::Ended> CaptureJobs::run(JobId id) {
  const std::shared_ptr<Live> live = live_.at(id);
  SourceDevice& device = *live->device;
  live->job.state = *core::step(live->job.state, core::JobEvent::started);
  co_await record(*live, protocol::topic::kJobStarted);
  const Status scanned = co_await scan_pages(*live, device.worker());
  if (live->cancelled) {
    device.note_cancelled(scanned);
  } else {
    device.note(scanned ? std::nullopt : std::optional(scanned.error()));
  }
  device.release();
  live->device = nullptr;
  live->device_free({live->job.pages, scanned ? std::nullopt : std::optional(scanned.error())});

  std::optional<Error> page_error = co_await await_pages(*live);
  if (!live->outcomes->closed()) {
    std::optional<Error> error = verdict(*live, scanned, std::move(page_error));
    co_await finish(*live, std::move(error));
  }
  live_.erase(id);
  co_return Ended{live->job, std::move(live->waiters)};
}

Awaitable<Status> CaptureJobs::start_worker(Live& live, Worker& worker) {
  const Deadline ready_by = deadline_in(deadlines_.ready);
  const bool ready = co_await worker.wait_ready(ready_by);
  if (live.cancelled) {
    co_return failure(Errc::scan_cancelled, "scan.start", "cancelled before the device was asked");
  }
  if (!ready) {
    const bool parked = worker.state() == core::WorkerState::quarantined;
    co_return failure(parked ? Errc::device_quarantined : Errc::worker_start_failed, "scan.start",
                      fmt::format("the device's worker is {}", core::name(worker.state())));
  }
  if (Status met = co_await live.device->meet(); !met) {
    co_return met;
  }
  if (live.cancelled) {
    co_return failure(Errc::scan_cancelled, "scan.start", "cancelled before the device was asked");
  }
  if (Status claimed = live.device->claim(live.order.visit.value); !claimed) {
    co_return claimed;
  }
  co_return worker.start(live.order.ask);
}

Awaitable<Status> CaptureJobs::scan_pages(Live& live, Worker& worker) {
  if (Status started = co_await start_worker(live, worker); !started) {
    co_return started;
  }
  Status stored;
  Stage stage = Stage::opening;
  for (;;) {
    const Deadline deadline = next_deadline(live, stage);
    Result<Incoming> incoming = co_await worker.next(deadline);
    if (!incoming || std::holds_alternative<frames::Finished>(incoming->message)) {
      co_return stored ? outcome_of(live, incoming) : stored;
    }
    if (const auto* progress = std::get_if<frames::Progress>(&incoming->message)) {
      stage = progress->stage;
      announce(live, *progress);
    } else if (const auto* condition = std::get_if<frames::Condition>(&incoming->message)) {
      live.device->note(*condition);
    } else if (stored && std::holds_alternative<frames::PageRead>(incoming->message)) {
      stage = Stage::feeding;
      stored = co_await store_page(live, worker, std::move(*incoming));
    } else {
      pass_on(live, std::move(*incoming));
    }
    if (!stored) {
      worker.cancel();  // no more paper is moved that could not be kept
    }
  }
}

void CaptureJobs::pass_on(const Live& live, Incoming incoming) {
  if (live.order.take) {
    live.order.take(std::move(incoming));
  }
}

/// What the last frame of a scan, or its absence, says.
Status CaptureJobs::outcome_of(const Live& live, const Result<Incoming>& last) {
  if (!last) {
    const bool out_of_time = SteadyClock::now() >= live.order.deadline;
    Error error = out_of_time ? make_error(Errc::request_deadline, "scan", "deadline_ms is over") : last.error();
    const bool mute_card = error.code == Errc::device_timeout && live.order.kind == "card";
    error.code = mute_card ? Errc::card_mute : error.code;
    return failure(std::move(error));
  }
  const auto& finished = std::get<frames::Finished>(last->message);
  return finished.error ? Status(failure(protocol::from_body(*finished.error))) : Status();
}

Deadline CaptureJobs::next_deadline(const Live& live, Stage stage) const {
  Milliseconds span = live.order.stall.value_or(deadlines_.stall);
  if ((stage == Stage::opening || stage == Stage::feeding) && !live.order.stall) {
    span = deadlines_.first_row;
  } else if (stage == Stage::waiting_for_button || stage == Stage::waiting_for_card) {
    span = std::max(span, deadlines_.first_row);
  } else if (stage == Stage::waiting_for_buffer) {
    span = deadlines_.buffer;
  }
  return std::min(live.order.deadline, deadline_in(span));
}

void CaptureJobs::announce(const Live& live, const frames::Progress& progress) {
  protocol::JobProgress data;
  data.job = live.order.job.value;
  data.device = live.order.device.value;
  data.stage = protocol::enum_name(progress.stage);
  data.page = progress.page;
  if (progress.rows_total > 0) {
    data.percent = static_cast<std::int32_t>(100LL * progress.rows_done / progress.rows_total);
  }
  ledger_.announce(make_event(protocol::topic::kJobProgress, data, live.order.visit.value, live.order.request_id));
}

Awaitable<Status> CaptureJobs::store_page(Live& live, Worker& worker, Incoming incoming) {
  const frames::PageRead& page = std::get<frames::PageRead>(incoming.message);
  supervise::BufferLease lease = worker.lease(page.buffer);
  if (Status checked = check_geometry(page); !checked) {
    co_return checked;
  }
  if (incoming.descriptors.size() != 1) {
    co_return failure(Errc::worker_protocol, "page.receive", "one descriptor was expected");
  }
  auto opened = ReadableBuffer::open(std::move(incoming.descriptors.front()), page.bytes);
  if (!opened) {
    co_return failure(opened.error());
  }
  auto pixels = std::make_shared<ReadableBuffer>(std::move(*opened));
  storage::CaptureRow capture = capture_row(live.order, page);
  if (Status kept = co_await keep_raw(live, capture, pixels); !kept) {
    co_return kept;
  }
  worker.note_kept(page.page);
  live.job.pages += 1;
  live.job.captures.push_back(capture.capture.value);
  live.pages_in_work += 1;
  PageTask task = page_task(capture);
  task.pixels = std::move(pixels);
  task.lease = std::move(lease);
  task.outcome = live.outcomes;
  task.request_id = live.order.request_id;
  images_.submit(std::move(task));
  co_return Status();
}

/// From the end of this on the page cannot be lost.
Awaitable<Status> CaptureJobs::keep_raw(Live& live, storage::CaptureRow& capture,
                                        std::shared_ptr<ReadableBuffer> pixels) {
  auto kept = std::make_shared<storage::CaptureRow>(capture);
  const std::optional<std::string> request_id = live.order.request_id;
  const Ledger::Change change = [=](storage::Journal& journal, storage::Spool& spool, Events& events) {
    auto stored = spool.write({kept->visit, kept->capture.value, "raw"}, pixels->bytes());
    if (!stored) {
      return Status(failure(stored.error()));
    }
    kept->raw_bytes = stored->bytes;
    kept->raw_sha256 = stored->sha256;
    return journal.transact([&](storage::Journal& open) -> Status {
      if (Status put = open.put(*kept); !put) {
        return put;
      }
      const protocol::CaptureCaptured data{{},         kept->capture.value, kept->job.value, kept->device.value,
                                           kept->page, kept->raw_bytes};
      return append(open, events, make_event(protocol::topic::kCaptureCaptured, data, kept->visit.value, request_id));
    });
  };
  Status committed = co_await ledger_.commit(change);
  capture = *kept;
  co_return committed;
}

Awaitable<std::optional<Error>> CaptureJobs::await_pages(Live& live) {
  std::optional<Error> first_error;
  while (live.pages_in_work > 0) {
    std::optional<PageOutcome> outcome = co_await live.outcomes->receive(loop::kUntilClosed);
    if (!outcome) {
      break;
    }
    live.pages_in_work -= 1;
    if (outcome->error && !first_error) {
      first_error = std::move(outcome->error);
    }
  }
  co_return first_error;
}

std::optional<Error> CaptureJobs::verdict(const Live& live, const Status& scanned, std::optional<Error> page_error) {
  if (live.cancelled) {
    return make_error(Errc::scan_cancelled, "scan", fmt::format("{} pages were kept", live.job.pages));
  }
  if (!scanned) {
    Error error = scanned.error();
    error.device_id = live.order.device.value;
    return error;
  }
  if (page_error) {
    return page_error;
  }
  if (live.order.pages_expected > live.job.pages) {
    return make_error(Errc::scan_pages_missing, "scan",
                      fmt::format("{} pages came, {} were expected", live.job.pages, live.order.pages_expected));
  }
  return std::nullopt;
}

Awaitable<void> CaptureJobs::finish(Live& live, std::optional<Error> error) {
  live.job.state = core::step(live.job.state, event_of(error)).value_or(live.job.state);
  if (error) {
    live.job.error = protocol::to_body(*error);
    log_.info("job {} ended: {}: {}", live.order.job.value, live.job.error->code, describe(*error));
  }
  co_await record(live, protocol::topic::kJobFinished);
}

Awaitable<void> CaptureJobs::record(Live& live, const char* topic) {
  storage::JobRow row;
  row.job = live.order.job;
  row.visit = live.order.visit;
  row.device = live.order.device;
  row.kind = live.job.kind;
  row.state = live.job.state;
  row.arguments = boost::json::serialize(live.order.arguments);
  row.created_at = rfc3339_now();
  if (live.job.error) {
    row.error = boost::json::serialize(protocol::to_json(*live.job.error));
  }
  const protocol::Event event = make_event(topic, live.job, live.order.visit.value, live.order.request_id);
  const Ledger::Change change = [row, event](storage::Journal& journal, storage::Spool&, Events& events) {
    return journal.transact([&](storage::Journal& open) -> Status {
      if (Status put = open.put(row); !put) {
        return put;
      }
      return append(open, events, event);
    });
  };
  const Status committed = co_await ledger_.commit(change);
  if (!committed) {
    log_.error("job {}: {}", live.order.job.value, describe(committed.error()));
  }
}

Status CaptureJobs::cancel(const JobId& job) {
  const auto found = live_.find(job);
  if (found == live_.end()) {
    return failure(Errc::job_unknown, "job.cancel", "no running job " + job.value);
  }
  found->second->cancelled = true;
  if (found->second->device != nullptr) {
    found->second->device->cancel();
  }
  return {};
}

void CaptureJobs::cancel_all() {
  for (const auto& [job, live] : live_) {
    [[maybe_unused]] const Status asked = cancel(job);
  }
}

void CaptureJobs::cancel_in(const VisitId& visit) {
  for (const auto& [job, live] : live_) {
    if (live->order.visit == visit && !live->cancelled) {
      [[maybe_unused]] const Status asked = cancel(job);
    }
  }
}

void CaptureJobs::cancel_in(const VisitId& visit, protocol::ConsentKind withdrawn) {
  for (const auto& [job, live] : live_) {
    const CaptureOrder& order = live->order;
    const bool needs = order.consent == withdrawn || consent_needed_by(order.profile) == withdrawn;
    if (order.visit == visit && needs && !live->cancelled) {
      [[maybe_unused]] const Status asked = cancel(job);
    }
  }
}

void CaptureJobs::abandon_processing() {
  for (const auto& [job, live] : live_) {
    live->outcomes->close();
  }
}

bool CaptureJobs::add_waiter(const JobId& job, publish::ReplyAddress address) {
  const auto found = live_.find(job);
  if (found == live_.end()) {
    return false;
  }
  found->second->waiters.push_back(std::move(address));
  return true;
}

std::vector<protocol::Job> CaptureJobs::running() const {
  std::vector<protocol::Job> jobs;
  jobs.reserve(live_.size());
  for (const auto& [id, live] : live_) {
    jobs.push_back(live->job);
  }
  return jobs;
}

bool CaptureJobs::runs_in(const VisitId& visit) const {
  return std::any_of(live_.begin(), live_.end(), [&](const auto& entry) { return entry.second->order.visit == visit; });
}

}  // namespace quay::daemon::jobs
