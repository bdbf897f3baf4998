// SPDX-License-Identifier: Apache-2.0
// Which cameras show what they see, to whose visit, under which secret topic. A live view holds its device as a job
// does, makes way for a job of its own visit and goes on after it, and ends when nobody looks any more.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "daemon/commands/lease_desk.hpp"
#include "daemon/jobs/device_set.hpp"
#include "daemon/publish/event_publisher.hpp"
#include "daemon/publish/live_publisher.hpp"

namespace quay::daemon::commands {

class LiveDesk {
 public:
  LiveDesk(loop::Loop& loop, const Log& log, jobs::DeviceSet& devices, LeaseDesk& leases,
           publish::LivePublisher& publisher, loop::TaskGroup& tasks)
      : loop_(loop), log_(log), devices_(devices), leases_(leases), publisher_(publisher), tasks_(tasks) {}

  /// Begins, or changes the pace of, a live view for that visit. Errors: device_unknown, device_unsupported,
  /// device_leased, device_busy.
  Result<protocol::CameraLiveResult> start(const std::string& device, const core::LeaseHolder& who,
                                           double frames_per_second);
  /// Ends it; returns when the device is free. What does not run is no error.
  loop::Awaitable<void> stop(std::string device, std::string visit);

  /// A job of `visit` wants the device: a live view of that visit ends for now; returns when the device is free.
  loop::Awaitable<void> pause(std::string device, std::string visit);
  /// The job is over: what was paused goes on.
  void resume(const std::string& device);

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
    double frames_per_second = 0;
    std::uint64_t frame = 0;
    Wish wish = Wish::show;
    bool running = false;  ///< it has the device
    bool again = false;    ///< the request ends to begin anew, at another pace
    Deadline seen{};       ///< until then nobody need look
  };
  using ViewPtr = std::shared_ptr<View>;

  ViewPtr find(const std::string& device, const std::string& visit) const;
  Status begin(const ViewPtr& view);
  void end(View& view);
  loop::Awaitable<void> run(ViewPtr view, jobs::SourceDevice* device);
  loop::Awaitable<Status> show(ViewPtr view, supervise::Worker& worker);
  Status show_frame(View& view, supervise::Incoming incoming, supervise::Worker& worker);
  loop::Awaitable<void> wait_stopped(ViewPtr view);

  loop::Loop& loop_;
  const Log& log_;
  jobs::DeviceSet& devices_;
  LeaseDesk& leases_;
  publish::LivePublisher& publisher_;
  loop::TaskGroup& tasks_;
  std::map<std::string, ViewPtr> views_;  ///< by device
};

}  // namespace quay::daemon::commands
