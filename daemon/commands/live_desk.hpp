// SPDX-License-Identifier: Apache-2.0
// Which cameras show what they see, to whose visit, under which secret topic. A live view holds its device as a job
// does, makes way for a job of its own visit and goes on after it, and ends when nobody looks any more. Beside the
// frames goes what is seen on them; on wish, a sheet that lies still is captured by itself.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "daemon/commands/lease_desk.hpp"
#include "daemon/core/page_turn.hpp"
#include "daemon/jobs/capture_jobs.hpp"
#include "daemon/jobs/device_set.hpp"
#include "daemon/jobs/frame_judge.hpp"
#include "daemon/publish/event_publisher.hpp"
#include "daemon/publish/live_publisher.hpp"

namespace quay::daemon::commands {

struct LiveOrder {
  double frames_per_second = 10;
  std::function<void()> capture;  ///< captures the sheet that lies there; empty: nothing is captured by itself
};

class LiveDesk {
 public:
  LiveDesk(loop::Loop& loop, const Log& log, jobs::DeviceSet& devices, LeaseDesk& leases,
           publish::LivePublisher& publisher, loop::TaskGroup& tasks)
      : loop_(loop),
        log_(log),
        devices_(devices),
        leases_(leases),
        publisher_(publisher),
        tasks_(tasks),
        judge_(loop, log, tasks) {}

  /// The program that looks at frames; without a call nobody does.
  void start_judge(supervise::WorkerSpec spec) { judge_.start(std::move(spec)); }

  /// Begins a live view for that visit, or changes the one there is. Errors: device_unknown, device_unsupported,
  /// device_leased, device_busy.
  Result<protocol::CameraLiveResult> start(const std::string& device, const core::LeaseHolder& who, LiveOrder order);
  /// Ends it; returns when the device is free. What does not run is no error.
  loop::Awaitable<void> stop(std::string device, std::string visit);

  /// A job of `visit` wants the device: a live view of that visit ends for now; returns when the device is free.
  loop::Awaitable<void> pause(std::string device, std::string visit);
  /// The job is over, or was not begun: what was paused goes on, and tells what became of a capture by itself.
  void resume(const std::string& device, const jobs::DeviceUse& use);

  /// The capture that a view asked for by itself was not begun, for the reason `why`: it is told beside the frames.
  void refuse(const std::string& device, const std::string& visit, const Error& why);

  /// Hears of closed and handed-over visits.
  void hear(const publish::Notice& notice);
  void stop_all();

 private:
  /// What is wanted of a view: it shows, it makes way for a job, it ends.
  enum class Wish : std::uint8_t { show, pause, end };
  struct View {
    std::string device;
    core::LeaseHolder who;
    std::string topic;
    LiveOrder order;
    core::PageWatch watch;
    std::optional<Error> refused;  ///< why the sheet that lies there is no page
    bool captured = false;         ///< the sheet that was noted as taken is a page
    bool by_itself = false;        ///< the capture that is under way is the view's own
    protocol::LiveJudgement told;  ///< last
    std::uint64_t frame = 0;
    Wish wish = Wish::show;
    bool running = false;  ///< it has the device
    bool asking = false;   ///< its request runs
    bool again = false;    ///< the request ends to begin anew, at another pace
    Deadline seen{};       ///< until then nobody need look
  };
  using ViewPtr = std::shared_ptr<View>;

  ViewPtr find(const std::string& device, const std::string& visit) const;
  Status begin(const ViewPtr& view);
  void end(View& view);
  void cancel(const View& view);
  loop::Awaitable<void> run(ViewPtr view, jobs::SourceDevice* device);
  loop::Awaitable<Status> get_ready(ViewPtr view, jobs::SourceDevice& device);
  loop::Awaitable<Status> show(ViewPtr view, jobs::SourceDevice& device);
  loop::Awaitable<Status> show_frames(ViewPtr view, supervise::Worker& worker);
  Status show_frame(const ViewPtr& view, supervise::Incoming incoming, supervise::Worker& worker);
  void tell_judgement(const ViewPtr& view, std::uint64_t frame, const protocol::worker::FrameJudged& judged);
  void tell_refusal(View& view, const Error& why);
  static protocol::PageTurn page_of(const View& view);
  loop::Awaitable<void> wait_stopped(ViewPtr view);

  loop::Loop& loop_;
  const Log& log_;
  jobs::DeviceSet& devices_;
  LeaseDesk& leases_;
  publish::LivePublisher& publisher_;
  loop::TaskGroup& tasks_;
  jobs::FrameJudge judge_;
  std::map<std::string, ViewPtr> views_;  ///< by device
};

}  // namespace quay::daemon::commands
