// SPDX-License-Identifier: Apache-2.0
// Counts what the event stream says: the one place where events become metrics. Keeps no name of a visit, page or job
// longer than the visit is open, and puts none into a label.
#pragma once

#include <map>
#include <string>

#include "base/clock.hpp"
#include "daemon/core/meter.hpp"
#include "daemon/publish/event_publisher.hpp"
#include "protocol/client/envelope.hpp"

namespace quay::daemon::jobs {

class EventMeter {
 public:
  explicit EventMeter(core::Meter& meter) : meter_(meter) {}

  /// An event that was kept and published at `now`. One that cannot be read is counted by its topic only.
  void hear(const publish::Notice& notice, Deadline now);

 private:
  /// What is under way: a job since it was taken, a page since it was safe.
  struct Begun {
    std::string visit;
    std::string source;
    Deadline since;
  };

  void take_device(const protocol::Event& event);
  void take_job_start(const protocol::Event& event, Deadline now);
  void take_job_end(const protocol::Event& event, Deadline now);
  void take_raw(const protocol::Event& event, Deadline now);
  void take_ready(const protocol::Event& event, Deadline now);
  void take_failed(const protocol::Event& event);
  void take_discarded(const protocol::Event& event);
  void take_rendition(const protocol::Event& event);
  void take_document(const protocol::Event& event);
  void take_visit_end(const protocol::Event& event);

  core::Meter& meter_;
  std::map<std::string, std::string> sources_;  ///< by device: scanner, camera or phone
  std::map<std::string, Begun> jobs_;
  std::map<std::string, Begun> pages_;
};

}  // namespace quay::daemon::jobs
