// SPDX-License-Identifier: Apache-2.0
// One worker process, kept alive: spawned, watched, cancelled, killed, rested and spawned again along the table in
// core/worker_machine.hpp. Every deadline is held here, in the parent; no library call of the worker can extend it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "daemon/core/crash_history.hpp"
#include "daemon/core/worker_machine.hpp"
#include "daemon/loop/mailbox.hpp"
#include "daemon/supervise/process.hpp"
#include "daemon/supervise/worker_channel.hpp"

namespace quay::daemon::supervise {

struct WorkerDeadlines {
  Milliseconds start{10'000};
  Milliseconds cancel_grace{3'000};
};

/// How a process ended that nobody had asked to: by itself, by a signal, by quayd's own SIGKILL when a deadline was
/// over; `stuck`: it does not even die.
enum class WorkerEnd : std::uint8_t { exit, signal, deadline, stuck };

std::string_view name(WorkerEnd how);

struct WorkerSpec {
  std::string name;  ///< for logs
  ProcessSpec process;
  WorkerDeadlines deadlines;
  core::CrashPolicy crashes;
  /// A device that was told to take something may still give it when its process is gone, and then it is nobody's. The
  /// successor gets this option, and for how many milliseconds more that may be. Empty: no such device.
  std::string late_work_option;
  Milliseconds late_work{30'000};
  std::function<void(WorkerEnd)> ended{};  ///< hears of each; may be empty
};

class Worker {
 public:
  Worker(loop::Loop& loop, const Log& log, WorkerSpec spec);

  /// Keeps the process alive until stop(). Spawn once, in the owner's task group.
  loop::Awaitable<void> run();

  /// Ends the process and run(). A running request ends with worker_crashed.
  void stop();

  /// Ends a quarantine or a rest at once: a technician or a new configuration says so.
  void revive();

  core::WorkerState state() const { return state_; }
  pid_t pid() const { return process_ ? process_->pid() : -1; }

  /// Wakes its one reader whenever state() or exits() has changed or there is news; holds one item at most.
  loop::Mailbox<int>& changes() { return changes_; }
  /// Wakes that reader.
  void touch() { wake(changes_); }

  /// How many processes have ended so far: each took with it what was known of the device.
  std::uint64_t exits() const { return exits_; }

  /// True once the worker is ready; false when it is not by `deadline` or parked.
  loop::Awaitable<bool> wait_ready(Deadline deadline);

  /// Starts a request. `make` is called with the request's number and gives the frame. Precondition: nothing else runs.
  /// Errors: device_busy, device_quarantined, worker_crashed.
  template <class Make>
  Status start(Make&& make, const std::vector<int>& descriptors = {}) {
    return start_frame(make(request_ + 1), descriptors);
  }

  /// The next frame of the running request. When none comes by `deadline`: Cancel, grace, SIGKILL; then the error is
  /// device_timeout. Errors: device_timeout, worker_crashed, worker_protocol. After an error, or after a Finished
  /// frame, the request is over.
  loop::Awaitable<Result<Incoming>> next(Deadline deadline);

  /// What the worker said of its device without being asked, once; changes() wakes its reader when there is something.
  std::optional<frames::Described> take_news() { return std::exchange(news_, std::nullopt); }

  /// Tells the worker that page `page` of the running request is durable: a device may forget its own copy.
  void note_kept(std::int32_t page);

  /// Tells the worker that nobody wants the running print; it ends by itself.
  void withdraw();

  /// Asks the worker to stop the running request; whoever waits in next() hears of its end within the grace.
  void cancel();

  /// What it took since the beginning; resets are not this one's.
  const protocol::DeviceRecovery& recovery() const { return recovery_; }

  /// What went to and fro lately, with nothing personal in it.
  TraceRing& trace() { return trace_; }

  /// Lets the buffer named in a PageRead go back to this process when the lease ends.
  BufferLease lease(std::uint64_t buffer) const { return {channel_, buffer}; }

 private:
  loop::Awaitable<void> live();
  loop::Awaitable<void> await_exit();
  loop::Awaitable<void> rest();
  Status launch();
  Status start_frame(const frames::ToWorker& frame, const std::vector<int>& descriptors);
  Deadline climb(Deadline deadline);
  void take(Incoming incoming);
  void watch_for_late_work(const frames::FromWorker& message);
  void discard(const Result<Incoming>& incoming) const;
  void apply(core::WorkerEvent event);
  void begin_grace();
  void kill_after(Milliseconds span);
  void kill();
  /// Nobody may be reading: what waits must not grow.
  static void wake(loop::Mailbox<int>& mailbox) {
    if (mailbox.size() == 0) {
      mailbox.push(0);
    }
  }

  loop::Loop& loop_;
  const Log& log_;
  WorkerSpec spec_;
  core::WorkerState state_ = core::WorkerState::down;
  core::CrashHistory crashes_;
  loop::Mailbox<int> changes_;
  loop::Mailbox<int> settled_;              ///< wakes wait_ready()
  loop::Mailbox<Result<Incoming>> frames_;  ///< of the running request
  loop::Mailbox<int> rest_over_;
  loop::asio::steady_timer killer_;
  loop::asio::steady_timer grace_;  ///< of a cancelled request
  TraceRing trace_;
  std::shared_ptr<WorkerChannel> channel_;
  std::unique_ptr<Process> process_;
  std::optional<frames::Described> news_;
  std::uint64_t exits_ = 0;
  std::uint64_t request_ = 0;  ///< number of the running or last request
  Deadline grace_ends_{};
  bool request_open_ = false;
  bool stopping_ = false;
  bool killed_ = false;
  protocol::DeviceRecovery recovery_;
  Deadline late_until_{};  ///< the device was told to take something, and it has not come
};

}  // namespace quay::daemon::supervise
