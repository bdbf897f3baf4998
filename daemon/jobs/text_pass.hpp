// SPDX-License-Identifier: Apache-2.0
// The second pass over a finished page: its words as invisible text, in a rendition `text` of its own. One worker of
// the lowest priority, which begins a page only while no page waits to be cleaned; what it does not come to is lost to
// nobody, the page is there. Pages of a visit that ends are let go first.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "daemon/jobs/page_store.hpp"
#include "daemon/loop/task_group.hpp"
#include "daemon/supervise/worker.hpp"

namespace quay::daemon::jobs {

class TextPass {
 public:
  /// in_work: pages that still wait to be cleaned.
  TextPass(loop::Loop& loop, const Log& log, Ledger& ledger, std::function<std::size_t()> in_work);

  /// Starts the worker; without a call nothing is read. Its program has been told the language.
  void start(const supervise::WorkerSpec& spec, loop::TaskGroup& tasks);
  void stop();

  /// A page has gone through its image worker, well or not.
  void page_ended(PageTask task);

  /// Lets go of every page of the visit; returns when none is in the worker's memory any more.
  loop::Awaitable<void> leave(VisitId visit);

  /// 0 before start().
  pid_t pid() const { return worker_ ? worker_->pid() : 0; }

 private:
  loop::Awaitable<void> run();
  loop::Awaitable<bool> may_begin();
  loop::Awaitable<void> read(PageTask task);
  loop::Awaitable<Status> take_frame(const PageTask& task, supervise::Incoming incoming);

  loop::Loop& loop_;
  const Log& log_;
  PageStore store_;
  std::function<std::size_t()> in_work_;
  std::unique_ptr<supervise::Worker> worker_;
  std::deque<PageTask> waiting_;
  loop::Mailbox<int> wake_;
  std::optional<VisitId> reading_;  ///< whose page the worker has
  bool no_language_ = false;        ///< its data are not on this machine
};

}  // namespace quay::daemon::jobs
