// SPDX-License-Identifier: Apache-2.0
#include "devices/worker/job.hpp"

namespace quay::worker {

void Job::cancel() {
  {
    const std::lock_guard lock(kept_mutex_);  // or a wait that is just beginning would miss it
    cancelled_.store(true);
  }
  kept_changed_.notify_all();
  pool_.wake();
}

void Job::withdraw() {
  {
    const std::lock_guard lock(kept_mutex_);
    withdrawn_.store(true);
  }
  kept_changed_.notify_all();
}

void Job::pause(Milliseconds span) {
  std::unique_lock lock(kept_mutex_);
  const bool before = withdrawn();
  kept_changed_.wait_for(lock, span, [&] { return cancelled() || withdrawn() != before; });
}

void Job::progress(frames::Stage stage, std::int32_t page, std::int32_t rows_done, std::int32_t rows_total) {
  const frames::Progress progress{{}, request_, stage, page, rows_done, rows_total};
  if (throttle_.admits(progress, SteadyClock::now())) {
    // When quayd is gone the channel thread ends this process.
    [[maybe_unused]] const Status sent = channel_.send(progress);
  }
}

Result<BufferLease> Job::buffer(std::size_t capacity, std::int32_t page) {
  return pool_.acquire(
      capacity, {[this, page] { progress(frames::Stage::waiting_for_buffer, page); }, [this] { return cancelled(); }});
}

void Job::note_kept(std::int32_t page) {
  {
    const std::lock_guard lock(kept_mutex_);
    kept_ = page;
  }
  kept_changed_.notify_all();
}

bool Job::wait_kept(std::int32_t page, Deadline deadline) {
  std::unique_lock lock(kept_mutex_);
  kept_changed_.wait_until(lock, deadline, [&] { return kept_ >= page || cancelled(); });
  return kept_ >= page;
}

void Job::pause(Deadline until) {
  std::unique_lock lock(kept_mutex_);
  kept_changed_.wait_until(lock, until, [&] { return cancelled(); });
}

Error Job::cancelled_error(std::string operation) const {
  return make_error(Errc::scan_cancelled, std::move(operation), "cancelled on request");
}

}  // namespace quay::worker
