// SPDX-License-Identifier: Apache-2.0
// The image workers: each page goes to the next idle one, its preview and final bytes go to the spool and the journal.
// A page that kills its worker is tried once more on a fresh one, then reported; the raw page stays.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/shared_buffer.hpp"
#include "daemon/jobs/ledger.hpp"
#include "daemon/loop/task_group.hpp"
#include "daemon/supervise/worker.hpp"
#include "protocol/client/page_settings.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::daemon::jobs {

struct PageOutcome {
  CaptureId capture;
  std::optional<Error> error;
};

/// A durable raw page on its way. `pixels` are empty after a restart: they are read from the spool then. Generation 1
/// is made as its scan asked; a later one as `profile` and `settings` say.
struct PageTask {
  storage::CaptureRow capture;
  std::int32_t generation = 1;
  std::string profile;
  protocol::PageSettings settings;
  std::shared_ptr<ReadableBuffer> pixels;
  supervise::BufferLease lease;
  std::shared_ptr<loop::Mailbox<PageOutcome>> outcome;  ///< may be empty
  std::optional<std::string> request_id;
  bool preview_stored = false;
  bool page_stored = false;
};

/// Single-page PDFs in sealed memfds, in page order, each turned clockwise so far.
struct BindOrder {
  std::vector<UniqueFd> files;
  std::vector<std::uint64_t> bytes;
  std::vector<std::int32_t> rotate_deg;
};

/// A document as the image worker gave it.
struct BoundDocument {
  protocol::worker::Rendition rendition;
  std::shared_ptr<ReadableBuffer> bytes;
};

class ImagePool {
 public:
  ImagePool(loop::Loop& loop, const Log& log, Ledger& ledger, loop::TaskGroup& tasks);

  /// Starts `count` workers and the dispatcher.
  void start(int count, const supervise::WorkerSpec& spec, Milliseconds processing_deadline);
  void stop();

  void submit(PageTask task) { queue_.push(std::move(task)); }
  /// Pages waiting or being processed.
  std::size_t pending() const { return queue_.size() + working_; }

  /// Binds pages into one PDF. Errors: what the image worker said; request_deadline when none became free.
  loop::Awaitable<Result<BoundDocument>> bind(BindOrder order);

  std::vector<pid_t> pids() const;

 private:
  using Worker = supervise::Worker;

  loop::Awaitable<void> dispatch();
  loop::Awaitable<void> process(std::shared_ptr<PageTask> task, Worker* worker);
  loop::Awaitable<Status> try_page(PageTask& task, Worker& worker);
  loop::Awaitable<Result<UniqueFd>> pixels_of(const PageTask& task);
  loop::Awaitable<Status> take_frame(PageTask& task, supervise::Incoming incoming);
  loop::Awaitable<Status> store_rendition(PageTask& task, const protocol::RenditionInfo& info, std::string report,
                                          std::shared_ptr<ReadableBuffer> bytes);
  loop::Awaitable<void> report_failure(PageTask& task, Error error);
  loop::Awaitable<Result<BoundDocument>> bind_with(const BindOrder& order, Worker& worker);
  loop::Awaitable<Result<BoundDocument>> receive_document(Worker& worker, Deadline deadline);

  loop::Loop& loop_;
  const Log& log_;
  Ledger& ledger_;
  loop::TaskGroup& tasks_;
  std::vector<std::unique_ptr<Worker>> workers_;
  loop::Mailbox<PageTask> queue_;
  loop::Mailbox<Worker*> idle_;
  std::vector<std::shared_ptr<loop::Mailbox<Worker*>>> assembly_waiters_;
  Milliseconds deadline_{60'000};
  std::size_t working_ = 0;

  void give_back(Worker* worker);
  loop::Awaitable<Worker*> borrow_for_document();
};

}  // namespace quay::daemon::jobs
