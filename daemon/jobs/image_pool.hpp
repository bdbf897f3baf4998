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

namespace quay::daemon::jobs {

struct PageOutcome {
  CaptureId capture;
  std::optional<Error> error;
};

/// A durable raw page on its way. `pixels` are empty after a restart: they are read from the spool then.
struct PageTask {
  storage::CaptureRow capture;
  std::shared_ptr<ReadableBuffer> pixels;
  supervise::BufferLease lease;
  std::shared_ptr<loop::Mailbox<PageOutcome>> outcome;  ///< may be empty
  std::optional<std::string> request_id;
  bool preview_stored = false;
  bool page_stored = false;
};

struct DocumentOrder {
  DocumentId document;
  VisitId visit;
  std::vector<CaptureId> captures;
  std::vector<storage::RenditionRow> pages;  ///< the `page` rendition of each capture
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

  /// Joins pages into a document, stores and announces it. Errors: what the image worker or storage said.
  loop::Awaitable<Result<protocol::Document>> assemble(DocumentOrder order);

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
  loop::Awaitable<Result<std::vector<UniqueFd>>> open_pages(const DocumentOrder& order);
  loop::Awaitable<Result<protocol::Document>> join_pages(const DocumentOrder& order, Worker& worker);
  loop::Awaitable<Result<protocol::Document>> receive_document(const DocumentOrder& order, Worker& worker,
                                                               Deadline deadline);
  loop::Awaitable<Result<protocol::Document>> store_document(const DocumentOrder& order,
                                                             protocol::worker::Rendition rendition,
                                                             std::shared_ptr<ReadableBuffer> bytes);

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
