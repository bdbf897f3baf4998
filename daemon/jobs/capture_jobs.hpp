// SPDX-License-Identifier: Apache-2.0
// Jobs that bring pages, from the order to the last clean page: asks the scanner or camera, makes each raw page
// durable, hands it on to the image workers, frees the device as soon as it is through, and ends the job when every
// page is ready.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/job_machine.hpp"
#include "daemon/jobs/image_pool.hpp"
#include "daemon/jobs/running_jobs.hpp"
#include "daemon/jobs/source_device.hpp"
#include "daemon/publish/command_socket.hpp"
#include "protocol/client/commands.hpp"

namespace quay::daemon::jobs {

struct CaptureDeadlines {
  Milliseconds ready{20'000};      ///< for a worker that is just starting
  Milliseconds first_row{60'000};  ///< warm-up and feeding included
  Milliseconds stall{20'000};      ///< between two signs of progress
  Milliseconds buffer{300'000};    ///< while the worker waits for a page buffer
};

/// What is asked of a device, whatever its kind.
struct CaptureOrder {
  JobId job;
  std::string kind;  ///< scan, capture, card
  VisitId visit;
  DeviceId device;
  std::string profile;
  std::int32_t pages_expected = 0;
  protocol::json::object arguments;                                      ///< of the command, for the journal
  std::function<protocol::worker::ToWorker(std::uint64_t request)> ask;  ///< the frame for its worker
  std::function<void(supervise::Incoming)> take;                         ///< frames that are no pages; may be empty
  std::optional<protocol::ConsentKind> consent;                          ///< besides what the profile needs
  std::optional<Milliseconds> stall;                                     ///< instead of CaptureDeadlines::stall
  std::optional<std::string> request_id;
  Deadline deadline = Deadline::max();  ///< what the client allows for the whole job
};

/// What a job got out of its device.
struct DeviceUse {
  std::int32_t pages = 0;
  std::optional<Error> error{};
};

class CaptureJobs final : public JobFamily {
 public:
  CaptureJobs(loop::Loop& loop, const Log& log, Ledger& ledger, ImagePool& images)
      : loop_(loop), log_(log), ledger_(ledger), images_(images) {}

  void set_deadlines(const CaptureDeadlines& deadlines) { deadlines_ = deadlines; }

  /// Takes a job whose row is in the journal, on a device that the caller has acquired. From now on it is running.
  /// `device_free` is called when the paper is through and the device is released, long before the job is over.
  void enlist(CaptureOrder order, SourceDevice& device, std::function<void(const DeviceUse&)> device_free);

  /// How a job ended, and who asked for its final reply meanwhile.
  struct Ended {
    protocol::Job job;
    std::vector<publish::ReplyAddress> waiters;
  };

  /// Carries an enlisted job out, once; releases its device.
  loop::Awaitable<Ended> run(JobId id);

  Status cancel(const JobId& job) override;
  void cancel_all();
  void cancel_in(const VisitId& visit) override;
  /// Stops what runs in the visit on a consent that was withdrawn.
  void cancel_in(const VisitId& visit, protocol::ConsentKind withdrawn);
  /// Lets jobs end without their last pages: quayd stops, they are finished after the next start.
  void abandon_processing();

  bool add_waiter(const JobId& job, publish::ReplyAddress address) override;

  std::vector<protocol::Job> running() const;
  bool idle() const { return live_.empty(); }
  bool runs_in(const VisitId& visit) const override;

 private:
  struct Live {
    CaptureOrder order;
    protocol::Job job;
    SourceDevice* device = nullptr;  ///< while the scanner is in use
    std::function<void(const DeviceUse&)> device_free;
    std::shared_ptr<loop::Mailbox<PageOutcome>> outcomes;
    std::size_t pages_in_work = 0;
    bool cancelled = false;
    std::vector<publish::ReplyAddress> waiters;
  };

  loop::Awaitable<Status> scan_pages(Live& live, supervise::Worker& worker);
  static void pass_on(const Live& live, supervise::Incoming incoming);
  static Status outcome_of(const Live& live, const Result<supervise::Incoming>& last);
  loop::Awaitable<Status> start_worker(Live& live, supervise::Worker& worker);
  loop::Awaitable<Status> store_page(Live& live, supervise::Worker& worker, supervise::Incoming incoming);
  loop::Awaitable<Status> keep_raw(Live& live, storage::CaptureRow& capture, std::shared_ptr<ReadableBuffer> pixels);
  loop::Awaitable<std::optional<Error>> await_pages(Live& live);
  loop::Awaitable<void> finish(Live& live, std::optional<Error> error);
  loop::Awaitable<void> record(Live& live, const char* topic);
  void announce(const Live& live, const protocol::worker::Progress& progress);
  Deadline next_deadline(const Live& live, protocol::worker::Stage stage) const;
  static std::optional<Error> verdict(const Live& live, const Status& scanned, std::optional<Error> page_error);

  loop::Loop& loop_;
  const Log& log_;
  Ledger& ledger_;
  ImagePool& images_;
  CaptureDeadlines deadlines_;
  std::map<JobId, std::shared_ptr<Live>> live_;
};

}  // namespace quay::daemon::jobs
