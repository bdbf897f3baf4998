// SPDX-License-Identifier: Apache-2.0
// Prints, from the row in the journal to the printer's word on the sheets. Everything is written down before it is
// done: a print goes on after a crash of its worker, of quayd or of its printer where it was, and leaves this machine
// once. One at a time on a printer, in the order in which they came.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "audit/line.hpp"
#include "daemon/core/job_machine.hpp"
#include "daemon/core/print_machine.hpp"
#include "daemon/jobs/device_set.hpp"
#include "daemon/jobs/ledger.hpp"
#include "daemon/jobs/print_recall.hpp"
#include "daemon/jobs/running_jobs.hpp"
#include "daemon/loop/task_group.hpp"
#include "daemon/storage/records.hpp"

namespace quay::daemon::jobs {

struct PrintDeadlines {
  Milliseconds ready{20'000};   ///< for a worker that is just starting
  Milliseconds frame{60'000};   ///< between two frames of a worker
  Milliseconds stale{600'000};  ///< without anything moving, until the clerk is asked
  Milliseconds stop{60'000};    ///< for a printer to say what came of a cancelled print
};

/// A print whose rows are in the journal.
struct PrintOrder {
  storage::JobRow job;
  storage::PrintRow print;
  protocol::PrintReport report;
  std::optional<std::string> request_id{};
};

class PrintJobs final : public JobFamily {
 public:
  PrintJobs(loop::Loop& loop, const Log& log, Ledger& ledger, DeviceSet& devices, loop::TaskGroup& tasks)
      : loop_(loop),
        log_(log),
        ledger_(ledger),
        devices_(devices),
        tasks_(tasks),
        recalls_(loop, log, devices, tasks) {}

  void set_deadlines(const PrintDeadlines& deadlines) {
    deadlines_ = deadlines;
    recalls_.set_deadlines({deadlines.ready, deadlines.frame, deadlines.stop});
  }

  /// Called with each print that is over and who waits for its final reply.
  using Over = std::function<void(const protocol::Job&, const std::vector<publish::ReplyAddress>&)>;
  void when_over(Over over) { over_ = std::move(over); }

  /// A print that was accepted. Its visit is not idle from now on, and it may be cancelled; it is on its way from
  /// begin() on.
  void accept(PrintOrder order);
  /// What came of its line in the access log: without one it ends, and nothing was printed.
  void begin(const JobId& job, const Status& logged);
  /// Takes up the prints that an earlier life of quayd did not finish. `note` writes a line of the access log: of a
  /// print that has not left, nobody knows whether it had one.
  using Note = std::function<loop::Awaitable<Status>(audit::AccessRecord)>;
  loop::Awaitable<Status> recover(Note note);

  /// The clerk's word on a print. When no sheet `came`, what its printer may still have of it is stopped.
  void settled(const storage::JobRow& job, const storage::PrintRow& print, bool came);
  /// Lets go of every print; each is taken up again by the next start.
  void stop();

  Status cancel(const JobId& job) override;
  void cancel_in(const VisitId& visit) override;
  bool add_waiter(const JobId& job, publish::ReplyAddress address) override;
  bool runs_in(const VisitId& visit) const override;
  std::size_t running() const { return live_.size(); }

 private:
  static constexpr Milliseconds kPause{200};

  struct Live {
    explicit Live(loop::Loop& loop) : wake(loop) {}
    bool is_overdue() const { return stop_by && SteadyClock::now() >= *stop_by; }

    loop::Mailbox<int> wake;
    std::uint64_t number = 0;  ///< in the order in which they came
    PrintOrder order;
    protocol::Job job;
    supervise::Worker* worker = nullptr;  ///< while it prints this
    std::optional<Deadline> stop_by{};    ///< it was cancelled; what came is not waited for any longer
    int failures = 0;                     ///< of workers in a row, without a word of the printer
    int unkept = 0;                       ///< attempts that ended because the journal did not take them
    bool held = true;                     ///< until begin()
    std::optional<Error> refused{};       ///< by the access log
    Deadline moved{};                     ///< when something happened last
    std::vector<publish::ReplyAddress> waiters;
  };
  using LivePtr = std::shared_ptr<Live>;

  /// How a print ends, and why.
  struct Ending {
    core::PrintEvent event = core::PrintEvent::uncertain;
    std::optional<Error> why;
  };

  /// What a worker said last, and why it ended early.
  struct Heard {
    protocol::worker::PrintSeen seen;
    std::optional<Error> error;
  };

  loop::Awaitable<void> carry_out(LivePtr live);
  loop::Awaitable<bool> try_once(Live& live);
  loop::Awaitable<bool> print_on(Live& live, SourceDevice& device);
  loop::Awaitable<Result<UniqueFd>> document_of(const Live& live);
  loop::Awaitable<Result<Heard>> talk(Live& live, SourceDevice& device, int document);
  loop::Awaitable<Status> take(Live& live, Heard& heard, supervise::Incoming incoming);
  loop::Awaitable<Status> note_placed(Live& live, const protocol::worker::Placed& placed);
  loop::Awaitable<void> note_seen(Live& live, const protocol::worker::PrintSeen& seen);
  loop::Awaitable<void> look_at_clock(Live& live);
  loop::Awaitable<void> note_no_device(Live& live);
  loop::Awaitable<bool> note_failure(Live& live, const Error& error);
  loop::Awaitable<bool> decide(Live& live, const Heard& heard);
  loop::Awaitable<void> take_back(Live& live);
  static Ending ending_by(const Live& live, const Heard& heard, const core::PrintVerdict& verdict);
  static std::optional<Ending> ending_without_printer(const Live& live);
  loop::Awaitable<void> conclude(Live& live, Ending ending);
  loop::Awaitable<void> tell(Live& live);
  loop::Awaitable<Status> record(Live& live, const char* topic);
  loop::Awaitable<void> record_at_last(Live& live, const char* topic);
  static loop::Awaitable<void> pause(Live& live, Milliseconds span);
  loop::Awaitable<void> note_withdrawn(LivePtr live);
  bool is_next(const Live& live) const;
  void wake_others();
  void announce(const Live& live, const protocol::worker::Progress& progress);
  void withdraw(const LivePtr& live);
  bool trusts_uncounted(const Live& live) const;
  protocol::worker::Print frame_of(const Live& live, std::uint64_t request) const;

  loop::Loop& loop_;
  const Log& log_;
  Ledger& ledger_;
  DeviceSet& devices_;
  loop::TaskGroup& tasks_;
  PrintDeadlines deadlines_;
  Over over_;
  PrintRecalls recalls_;
  std::map<JobId, LivePtr> live_;
  std::uint64_t enlisted_ = 0;
  bool stopping_ = false;
};

}  // namespace quay::daemon::jobs
