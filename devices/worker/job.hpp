// SPDX-License-Identifier: Apache-2.0
// One request under way: where its answers go, where its page buffers come from, and whether it is still wanted.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/clock.hpp"
#include "devices/worker/buffer_pool.hpp"
#include "devices/worker/channel.hpp"
#include "devices/worker/progress_throttle.hpp"

namespace quay::worker {

class Job {
 public:
  /// Borrows both for as long as it lives.
  Job(const Channel& channel, BufferPool& pool, std::uint64_t request)
      : channel_(channel), pool_(pool), request_(request) {}

  std::uint64_t request() const { return request_; }

  /// Once true it stays true: what a library says afterwards (end of file, all good) counts as cancelled.
  bool cancelled() const { return cancelled_.load(); }

  /// Thread: any. Ends a wait for a buffer.
  void cancel();

  /// Nobody wants what it makes; true for good. The work goes on until its device is in order.
  bool withdrawn() const { return withdrawn_.load(); }
  /// Thread: any. Ends a pause.
  void withdraw();
  /// Rests for so long; shorter when the job is cancelled or just then withdrawn.
  void pause(Milliseconds span);

  /// Sends `answer` with this request's number. Errors as Channel::send.
  template <class Answer>
  Status send(Answer answer, const std::vector<int>& descriptors = {}) const {
    answer.request = request_;
    return channel_.send(std::move(answer), descriptors);
  }

  /// Says how far the work is; most calls send nothing (ProgressThrottle). Only for real progress: quayd takes each
  /// as a sign of life.
  void progress(frames::Stage stage, std::int32_t page, std::int32_t rows_done = 0, std::int32_t rows_total = 0);

  /// A buffer for `page`. Waits while all are out and tells quayd so. Errors as BufferPool::acquire.
  Result<BufferLease> buffer(std::size_t capacity, std::int32_t page);

  /// Thread: any. quayd has page `page` safe.
  void note_kept(std::int32_t page);
  /// Waits for that. False when it does not come by `deadline`, or the job is cancelled without it.
  bool wait_kept(std::int32_t page, Deadline deadline);

  /// Waits until `until`, or until the job is cancelled.
  void pause(Deadline until);

  /// The error of work that ended because of cancel().
  Error cancelled_error(std::string operation) const;

 private:
  const Channel& channel_;
  BufferPool& pool_;
  std::uint64_t request_;
  std::atomic<bool> cancelled_ = false;
  std::atomic<bool> withdrawn_ = false;
  std::mutex kept_mutex_;
  std::condition_variable kept_changed_;
  std::int32_t kept_ = 0;  ///< the last page that is safe; pages are kept in their order
  ProgressThrottle throttle_;
};

}  // namespace quay::worker
