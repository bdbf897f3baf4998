// SPDX-License-Identifier: Apache-2.0
// Owner of coroutines: nothing runs that nobody waits for. An exception that escapes one is a fault of quay: it is
// logged with the task's name and the loop is stopped, so that systemd starts afresh from the journal.
#pragma once

#include <exception>
#include <string>

#include <boost/asio/co_spawn.hpp>

#include "base/log.hpp"
#include "daemon/loop/awaitable.hpp"
#include "daemon/loop/mailbox.hpp"

namespace quay::daemon::loop {

class TaskGroup {
 public:
  TaskGroup(Loop& loop, const Log& log) : loop_(loop), log_(log), idle_(loop) {}
  ~TaskGroup() = default;
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Starts `task`; its owner must outlive the group's join().
  void spawn(std::string name, Awaitable<void> task);

  std::size_t running() const { return running_; }
  bool failed() const { return failed_; }

  /// Waits until every task has ended. True when they had by `deadline`.
  Awaitable<bool> join(Deadline deadline);

 private:
  void finished(const std::string& name, const std::exception_ptr& escaped);

  Loop& loop_;
  const Log& log_;
  Mailbox<int> idle_;
  std::size_t running_ = 0;
  bool failed_ = false;
};

}  // namespace quay::daemon::loop
