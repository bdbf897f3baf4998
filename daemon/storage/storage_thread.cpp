// SPDX-License-Identifier: Apache-2.0
#include "daemon/storage/storage_thread.hpp"

#include <pthread.h>

namespace quay::daemon::storage {

StorageThread::StorageThread(Journal journal, Spool spool)
    : journal_(std::move(journal)), spool_(std::move(spool)), thread_([this] { run(); }) {
  ::pthread_setname_np(thread_.native_handle(), "quay-storage");
}

StorageThread::~StorageThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void StorageThread::post(StorageTask task) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(task));
  }
  wake_.notify_one();
}

std::size_t StorageThread::pending() const {
  const std::lock_guard lock(mutex_);
  return queue_.size() + (running_a_task_ ? 1 : 0);
}

void StorageThread::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (queue_.empty() && !stopping_) {
      lock.unlock();
      // A checkpoint that fails loses nothing: the log keeps the rows, and a failed sync is told to the next writer.
      [[maybe_unused]] const Status moved = journal_.checkpoint_when_idle();
      lock.lock();
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    }
    if (queue_.empty()) {
      return;
    }
    {
      StorageTask task = std::move(queue_.front());
      queue_.pop_front();
      running_a_task_ = true;
      lock.unlock();
      task(journal_, spool_);
    }  // what the task held goes before it counts as done
    lock.lock();
    running_a_task_ = false;
  }
}

}  // namespace quay::daemon::storage
