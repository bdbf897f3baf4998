// SPDX-License-Identifier: Apache-2.0
// The image workers: each page goes to the next idle one, its preview and final bytes go to the spool and the journal.
// A page that kills its worker is tried once more on a fresh one, then reported; the raw page stays. Nothing is
// reported of what quayd's own end cut off: it stays unmade in the journal, and is made after the next start.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/shared_buffer.hpp"
#include "daemon/jobs/ledger.hpp"
#include "daemon/jobs/page_store.hpp"
#include "daemon/jobs/text_pass.hpp"
#include "daemon/loop/task_group.hpp"
#include "daemon/supervise/worker.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::daemon::jobs {

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
  /// Cuts off what is being made.
  void stop();

  void submit(PageTask task) { queue_.push(std::move(task)); }
  /// Pages waiting or being processed.
  std::size_t pending() const { return queue_.size() + working_; }

  /// Binds pages into one PDF. Errors: what the image worker said; request_deadline when none became free.
  loop::Awaitable<Result<BoundDocument>> bind(BindOrder order);

  std::vector<pid_t> pids() const;

  /// Where pages go next.
  TextPass& texts() { return texts_; }

 private:
  using Worker = supervise::Worker;

  loop::Awaitable<void> dispatch();
  loop::Awaitable<void> process(std::shared_ptr<PageTask> task, Worker* worker);
  loop::Awaitable<void> make_paper(const PageTask& whole, const storage::GenerationRow& row, Worker& worker);
  loop::Awaitable<Status> make(PageTask& task, Worker& worker);
  loop::Awaitable<Status> try_page(PageTask& task, Worker& worker);
  loop::Awaitable<Status> take_frame(PageTask& task, supervise::Incoming incoming);
  void give_back(Worker* worker);
  loop::Awaitable<Worker*> borrow_for_document();
  loop::Awaitable<Result<BoundDocument>> bind_with(const BindOrder& wanted, Worker& worker);
  loop::Awaitable<Status> take_document(std::optional<BoundDocument>& document, supervise::Incoming incoming);

  loop::Loop& loop_;
  const Log& log_;
  loop::TaskGroup& tasks_;
  PageStore store_;
  std::vector<std::unique_ptr<Worker>> workers_;
  loop::Mailbox<PageTask> queue_;
  loop::Mailbox<Worker*> idle_;
  std::vector<std::shared_ptr<loop::Mailbox<Worker*>>> assembly_waiters_;
  Milliseconds deadline_{60'000};
  std::size_t working_ = 0;
  bool stopping_ = false;
  TextPass texts_;
};

}  // namespace quay::daemon::jobs
