// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/image_pool.hpp"

#include <algorithm>
#include <iterator>

#include "daemon/documents/page_list.hpp"
#include "daemon/storage/spool.hpp"
#include "protocol/client/events.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::daemon::jobs {

namespace frames = protocol::worker;
using loop::Awaitable;
using supervise::Incoming;

namespace {

constexpr int kAttempts = 2;

Result<std::shared_ptr<ReadableBuffer>> open_bytes(Incoming& incoming, std::uint64_t bytes) {
  if (incoming.descriptors.size() != 1) {
    return failure(Errc::worker_protocol, "image.receive", "one descriptor was expected");
  }
  auto buffer = ReadableBuffer::open(std::move(incoming.descriptors.front()), bytes);
  if (!buffer) {
    return failure(buffer.error());
  }
  return std::make_shared<ReadableBuffer>(std::move(*buffer));
}

protocol::RenditionNotice notice(const protocol::RenditionInfo& info) {
  return {{}, info.rendition, info.media_type, info.bytes};
}

protocol::RenditionInfo info_of(const frames::Rendition& rendition, const std::string& name) {
  protocol::RenditionInfo info;
  info.rendition = name;
  info.media_type = rendition.media_type;
  info.width = rendition.width;
  info.height = rendition.height;
  info.dpi = rendition.dpi;
  info.width_mm = rendition.width_mm;
  info.height_mm = rendition.height_mm;
  return info;
}

/// What a page is a making of: the capture, and the row of its generation (kept from the second on).
struct MadePage {
  storage::CaptureRow capture;
  storage::GenerationRow generation;
};

MadePage made_page(const PageTask& task) {
  storage::GenerationRow row;
  row.capture = task.capture.capture;
  row.generation = task.generation;
  row.profile = task.profile;
  row.settings = boost::json::serialize(protocol::to_json(task.settings));
  return {task.capture, std::move(row)};
}

/// How the making ended. A later generation that is good also makes good a capture whose first one failed.
Status put_outcome(storage::Journal& open, const MadePage& made, protocol::CaptureState state,
                   const std::optional<std::string>& error) {
  storage::CaptureRow capture = made.capture;
  const bool first = made.generation.generation == 1;
  if (!first) {
    storage::GenerationRow row = made.generation;
    row.state = state;
    row.error = error;
    if (Status put = open.put(row); !put) {
      return put;
    }
  }
  if (!first && state != protocol::CaptureState::ready) {
    return {};
  }
  capture.state = state;
  capture.error = error;
  return open.put(capture);
}

/// capture.ready of a page, capture.preview of a preview. Those of later generations are called "page-2" and so on.
protocol::Event rendition_event(const storage::CaptureRow& capture, const protocol::RenditionInfo& info,
                                std::int32_t generation, const std::optional<std::string>& request_id) {
  const std::string& id = capture.capture.value;
  if (info.rendition.starts_with("page")) {
    const protocol::CaptureReady data{{}, id, capture.job.value, capture.page, {notice(info)}, generation};
    return make_event(protocol::topic::kCaptureReady, data, capture.visit.value, request_id);
  }
  const protocol::CapturePreview data{{}, id, capture.job.value, capture.page, notice(info), generation};
  return make_event(protocol::topic::kCapturePreview, data, capture.visit.value, request_id);
}

}  // namespace

ImagePool::ImagePool(loop::Loop& loop, const Log& log, Ledger& ledger, loop::TaskGroup& tasks)
    : loop_(loop), log_(log), ledger_(ledger), tasks_(tasks), queue_(loop), idle_(loop) {}

void ImagePool::start(int count, const supervise::WorkerSpec& spec, Milliseconds processing_deadline) {
  deadline_ = processing_deadline;
  for (int i = 0; i < count; ++i) {
    supervise::WorkerSpec own = spec;
    own.name = "image-" + std::to_string(i + 1);
    workers_.push_back(std::make_unique<Worker>(loop_, log_, std::move(own)));
    tasks_.spawn("image worker", workers_.back()->run());
    idle_.push(workers_.back().get());
  }
  tasks_.spawn("image dispatch", dispatch());
}

void ImagePool::stop() {
  queue_.close();
  idle_.close();
  for (const auto& worker : workers_) {
    worker->stop();
  }
}

std::vector<pid_t> ImagePool::pids() const {
  std::vector<pid_t> pids;
  pids.reserve(workers_.size());
  for (const auto& worker : workers_) {
    pids.push_back(worker->pid());
  }
  return pids;
}

Awaitable<void> ImagePool::dispatch() {
  while (std::optional<PageTask> task = co_await queue_.receive(loop::kUntilClosed)) {
    ++working_;
    auto shared = std::make_shared<PageTask>(std::move(*task));
    const std::optional<Worker*> worker = co_await idle_.receive(loop::kUntilClosed);
    if (!worker) {
      co_return;  // stopping: the raw page is durable and is finished after the next start
    }
    tasks_.spawn("page", process(shared, *worker));
  }
}

/// A document waits for its own turn beside the queue, so that a long batch does not hold it up.
Awaitable<ImagePool::Worker*> ImagePool::borrow_for_document() {
  auto turn = std::make_shared<loop::Mailbox<Worker*>>(loop_);
  assembly_waiters_.push_back(turn);
  if (idle_.size() > 0) {
    const std::optional<Worker*> worker = co_await idle_.receive(loop::kUntilClosed);
    if (worker) {
      give_back(*worker);
    }
  }
  const Deadline deadline = deadline_in(deadline_);
  const std::optional<Worker*> worker = co_await turn->receive(deadline);
  std::erase(assembly_waiters_, turn);
  co_return worker.value_or(nullptr);
}

void ImagePool::give_back(Worker* worker) {
  if (assembly_waiters_.empty()) {
    idle_.push(worker);
    return;
  }
  assembly_waiters_.front()->push(worker);
  assembly_waiters_.erase(assembly_waiters_.begin());
}

Awaitable<void> ImagePool::process(std::shared_ptr<PageTask> task, Worker* worker) {
  Status done;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    done = co_await try_page(*task, *worker);
    const bool worker_fault =
        !done && (done.error().code == Errc::worker_crashed || done.error().code == Errc::device_timeout);
    if (!worker_fault) {
      break;
    }
  }
  give_back(worker);
  task->lease.release();
  task->pixels.reset();
  --working_;
  std::optional<Error> error = done ? std::nullopt : std::optional(done.error());
  if (error) {
    co_await report_failure(*task, *error);
  }
  if (task->outcome) {
    task->outcome->push(PageOutcome{task->capture.capture, std::move(error)});
  }
}

Awaitable<Result<UniqueFd>> ImagePool::pixels_of(const PageTask& task) {
  if (task.pixels) {
    co_return UniqueFd(::dup(task.pixels->fd()));
  }
  const storage::CaptureRow& capture = task.capture;
  const storage::ObjectName object{capture.visit, capture.capture.value, "raw"};
  const storage::StoredObject expected{capture.raw_bytes, capture.raw_sha256};
  const auto work = [object, expected](storage::Journal&, storage::Spool& spool) {
    return spool.read_into_memfd(object, expected);
  };
  co_return co_await ledger_.run(work);
}

Awaitable<Status> ImagePool::try_page(PageTask& task, Worker& worker) {
  Result<UniqueFd> pixels = co_await pixels_of(task);
  if (!pixels) {
    co_return failure(pixels.error());
  }
  const Deadline ready_by = deadline_in(deadline_);
  const bool ready = co_await worker.wait_ready(ready_by);
  if (!ready) {
    co_return failure(Errc::worker_start_failed, "image worker", "not ready");
  }
  const auto geometry = protocol::from_json<protocol::PageGeometry>(boost::json::parse(task.capture.geometry));
  if (!geometry) {
    co_return failure(geometry.error());
  }
  const auto make = [&](std::uint64_t request) {
    return frames::ToWorker(
        frames::ProcessPage{{}, request, *geometry, task.capture.raw_bytes, task.profile, task.settings});
  };
  if (Status started = worker.start(make, {pixels->get()}); !started) {
    co_return started;
  }
  Status stored;
  for (;;) {
    const Deadline deadline = deadline_in(deadline_);
    Result<Incoming> incoming = co_await worker.next(deadline);
    if (!incoming) {
      co_return failure(incoming.error());
    }
    if (const auto* finished = std::get_if<frames::Finished>(&incoming->message)) {
      if (finished->error) {
        co_return failure(protocol::from_body(*finished->error));
      }
      co_return stored;
    }
    if (stored) {
      stored = co_await take_frame(task, std::move(*incoming));
    }
  }
}

Awaitable<Status> ImagePool::take_frame(PageTask& task, Incoming incoming) {
  protocol::RenditionInfo info;
  std::uint64_t bytes = 0;
  std::string report;
  if (const auto* preview = std::get_if<frames::Preview>(&incoming.message)) {
    info = protocol::RenditionInfo{{}, "preview", "image/jpeg", 0, {}, preview->width, preview->height, 0, 0, 0};
    bytes = preview->bytes;
  } else if (const auto* rendition = std::get_if<frames::Rendition>(&incoming.message)) {
    info = info_of(*rendition, "page");
    bytes = rendition->bytes;
    report = boost::json::serialize(rendition->report);
  } else {
    co_return Status();
  }
  if (info.rendition == "preview" && std::exchange(task.preview_stored, true)) {
    co_return Status();
  }
  auto buffer = open_bytes(incoming, bytes);
  if (!buffer) {
    co_return failure(buffer.error());
  }
  Status stored = co_await store_rendition(task, info, std::move(report), *buffer);
  task.page_stored = task.page_stored || (stored && info.rendition == "page");
  co_return stored;
}

Awaitable<Status> ImagePool::store_rendition(PageTask& task, const protocol::RenditionInfo& info, std::string report,
                                             std::shared_ptr<ReadableBuffer> bytes) {
  const bool is_page = info.rendition == "page";
  storage::RenditionRow row{task.capture.capture.value, info, std::move(report)};
  row.info.rendition = documents::rendition_name(info.rendition, task.generation);
  const MadePage made = made_page(task);
  const storage::CaptureRow capture = task.capture;
  const std::optional<std::string> request_id = task.request_id;
  const Ledger::Change change = [=](storage::Journal& journal, storage::Spool& spool, Events& events) mutable {
    const auto known = journal.capture(capture.capture);
    if (!known || !*known) {
      return Status(failure(Errc::visit_closed, "rendition.store", "the visit was closed meanwhile"));
    }
    auto stored = spool.write({capture.visit, row.owner, row.info.rendition}, bytes->bytes());
    if (!stored) {
      return Status(failure(stored.error()));
    }
    row.info.bytes = stored->bytes;
    row.info.sha256 = stored->sha256;
    return journal.transact([&](storage::Journal& open) -> Status {
      if (Status put = open.put(row); !put) {
        return put;
      }
      Status told = is_page ? put_outcome(open, made, protocol::CaptureState::ready, {}) : Status();
      if (told) {
        told = append(open, events, rendition_event(capture, row.info, made.generation.generation, request_id));
      }
      return told ? hand_over(open, events, row, bytes->bytes()) : told;
    });
  };
  co_return co_await ledger_.commit(change);
}

Awaitable<void> ImagePool::report_failure(PageTask& task, Error error) {
  log_.error("capture {}: {}", task.capture.capture.value, describe(error));
  const MadePage made = made_page(task);
  const storage::CaptureRow capture = task.capture;
  const protocol::ErrorBody body = protocol::to_body(error);
  const std::string text = boost::json::serialize(protocol::to_json(body));
  const protocol::CaptureFailed data{{},   capture.capture.value,     capture.job.value, capture.page,
                                     body, made.generation.generation};
  const std::optional<std::string> request_id = task.request_id;
  const Ledger::Change change = [=](storage::Journal& journal, storage::Spool&, Events& events) {
    return journal.transact([&](storage::Journal& open) -> Status {
      const auto known = open.capture(capture.capture);
      if (!known || !*known) {
        return known ? Status() : Status(failure(known.error()));  // its visit was purged: nothing comes back
      }
      if (Status put = put_outcome(open, made, protocol::CaptureState::failed, text); !put) {
        return put;
      }
      return append(open, events, make_event(protocol::topic::kCaptureFailed, data, capture.visit.value, request_id));
    });
  };
  const Status committed = co_await ledger_.commit(change);
  if (!committed) {
    log_.error("capture {}: {}", capture.capture.value, describe(committed.error()));
  }
}

Awaitable<Result<BoundDocument>> ImagePool::bind(BindOrder order) {
  Worker* worker = co_await borrow_for_document();
  if (worker == nullptr) {
    co_return failure(Errc::request_deadline, "document.bind", "no image worker became free");
  }
  Result<BoundDocument> document = co_await bind_with(order, *worker);
  give_back(worker);
  co_return document;
}

Awaitable<Result<BoundDocument>> ImagePool::bind_with(const BindOrder& order, Worker& worker) {
  const Deadline deadline = deadline_in(deadline_);
  const bool ready = co_await worker.wait_ready(deadline);
  if (!ready) {
    co_return failure(Errc::worker_start_failed, "image worker", "not ready");
  }
  std::vector<int> descriptors;
  std::transform(order.files.begin(), order.files.end(), std::back_inserter(descriptors),
                 [](const UniqueFd& fd) { return fd.get(); });
  const auto make = [&](std::uint64_t request) {
    return frames::ToWorker(frames::Assemble{{}, request, order.bytes, order.rotate_deg});
  };
  if (Status started = worker.start(make, descriptors); !started) {
    co_return failure(started.error());
  }
  co_return co_await receive_document(worker, deadline);
}

Awaitable<Result<BoundDocument>> ImagePool::receive_document(Worker& worker, Deadline deadline) {
  Result<BoundDocument> document = failure(Errc::worker_protocol, "document.bind", "no document came");
  for (;;) {
    Result<Incoming> incoming = co_await worker.next(deadline);
    if (!incoming) {
      co_return failure(incoming.error());
    }
    if (const auto* finished = std::get_if<frames::Finished>(&incoming->message)) {
      if (finished->error) {
        co_return failure(protocol::from_body(*finished->error));
      }
      co_return document;
    }
    if (const auto* rendition = std::get_if<frames::Rendition>(&incoming->message)) {
      auto bytes = open_bytes(*incoming, rendition->bytes);
      if (bytes) {
        document = BoundDocument{*rendition, std::move(*bytes)};
      } else {
        document = failure(bytes.error());
      }
    }
  }
}

}  // namespace quay::daemon::jobs
