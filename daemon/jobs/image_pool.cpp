// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/image_pool.hpp"

#include <algorithm>
#include <iterator>

#include "daemon/jobs/page_request.hpp"
#include "daemon/jobs/rework.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::daemon::jobs {

namespace frames = protocol::worker;
using loop::Awaitable;
using supervise::Incoming;

namespace {

constexpr int kAttempts = 2;

}  // namespace

ImagePool::ImagePool(loop::Loop& loop, const Log& log, Ledger& ledger, loop::TaskGroup& tasks)
    : loop_(loop),
      log_(log),
      tasks_(tasks),
      store_(log, ledger),
      queue_(loop),
      idle_(loop),
      texts_(loop, log, ledger, [this] { return pending(); }) {}

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
  stopping_ = true;
  texts_.stop();
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
    if (!worker || stopping_) {
      co_return;  // the raw page is durable and is finished after the next start
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
  const Status done = co_await make(*task, *worker);
  const std::vector<storage::GenerationRow> papers = std::move(task->papers);
  for (const storage::GenerationRow& row : papers) {
    co_await make_paper(*task, row, *worker);
  }
  give_back(worker);
  task->lease.release();
  task->pixels.reset();
  --working_;
  std::optional<Error> error = done ? std::nullopt : std::optional(done.error());
  if (task->outcome) {
    task->outcome->push(PageOutcome{task->capture.capture, std::move(error)});
  }
  texts_.page_ended(std::move(*task));
}

/// One of several papers on the glass, made from the same pixels by the same worker. What becomes of it is told by its
/// own event: the whole page is there.
Awaitable<void> ImagePool::make_paper(const PageTask& whole, const storage::GenerationRow& row, Worker& worker) {
  PageTask paper = page_task(whole.capture, &row);
  paper.pixels = whole.pixels;
  paper.request_id = whole.request_id;
  const Status made = co_await make(paper, worker);
  paper.pixels.reset();
  if (made) {
    texts_.page_ended(std::move(paper));
  }
}

/// A page with a second try when its worker died, and word of it when there is none.
Awaitable<Status> ImagePool::make(PageTask& task, Worker& worker) {
  Status done;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    done = co_await try_page(task, worker);
    if (task.page_stored) {
      done = {};  // how its worker ended is no matter any more
    }
    const bool worker_fault =
        !done && (done.error().code == Errc::worker_crashed || done.error().code == Errc::device_timeout);
    if (!worker_fault || stopping_) {
      break;
    }
  }
  if (!done && stopping_) {
    log_.info("capture {}: generation {} is made after the next start", task.capture.capture.value, task.generation);
  } else if (!done) {
    co_await store_.report_failure(task, done.error());
  }
  co_return done;
}

Awaitable<Status> ImagePool::try_page(PageTask& task, Worker& worker) {
  Result<UniqueFd> pixels = co_await store_.pixels_of(task);
  if (!pixels) {
    co_return failure(pixels.error());
  }
  const PageRequest request{task, pixels->get(), false, deadline_};
  const TakeFrame take = [this, &task](Incoming incoming) { return take_frame(task, std::move(incoming)); };
  co_return co_await make_page(request, worker, take);
}

Awaitable<Status> ImagePool::take_frame(PageTask& task, Incoming incoming) {
  PageStore::Made made;
  std::uint64_t bytes = 0;
  if (const auto* preview = std::get_if<frames::Preview>(&incoming.message)) {
    made.info = protocol::RenditionInfo{{}, "preview", "image/jpeg", 0, {}, preview->width, preview->height, 0, 0, 0};
    bytes = preview->bytes;
  } else if (const auto* rendition = std::get_if<frames::Rendition>(&incoming.message)) {
    made.info = info_of(*rendition, "page");
    made.report = rendition->report;
    bytes = rendition->bytes;
  } else {
    co_return Status();
  }
  const bool is_page = made.info.rendition == "page";
  if (!is_page && std::exchange(task.preview_stored, true)) {
    co_return Status();
  }
  auto buffer = open_bytes(incoming, bytes);
  if (!buffer) {
    co_return failure(buffer.error());
  }
  made.bytes = *buffer;
  auto stored = co_await store_.keep(task, made);
  if (!stored) {
    co_return failure(stored.error());
  }
  if (is_page) {
    task.page_stored = true;
    task.papers = *std::move(stored);
  }
  co_return Status();
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

Awaitable<Result<BoundDocument>> ImagePool::bind_with(const BindOrder& wanted, Worker& worker) {
  ImageOrder order;
  order.frame = [&wanted](std::uint64_t request) {
    return frames::ToWorker(frames::Assemble{{}, request, wanted.bytes, wanted.rotate_deg});
  };
  std::transform(wanted.files.begin(), wanted.files.end(), std::back_inserter(order.descriptors),
                 [](const UniqueFd& fd) { return fd.get(); });
  order.patience = deadline_;
  std::optional<BoundDocument> document;
  const TakeFrame take = [this, &document](Incoming incoming) { return take_document(document, std::move(incoming)); };
  const Status done = co_await carry_out(std::move(order), worker, take);
  if (!done) {
    co_return failure(done.error());
  }
  if (!document) {
    co_return failure(Errc::worker_protocol, "document.bind", "no document came");
  }
  co_return *std::move(document);
}

Awaitable<Status> ImagePool::take_document(std::optional<BoundDocument>& document, Incoming incoming) {
  if (const auto* rendition = std::get_if<frames::Rendition>(&incoming.message)) {
    auto bytes = open_bytes(incoming, rendition->bytes);
    if (!bytes) {
      co_return failure(bytes.error());
    }
    document = BoundDocument{*rendition, std::move(*bytes)};
  }
  co_return Status();
}

}  // namespace quay::daemon::jobs
