// SPDX-License-Identifier: Apache-2.0
// What the families of commands work with; owned by Daemon, which outlives them.
#pragma once

#include <string>

#include "daemon/commands/guard.hpp"
#include "daemon/commands/lease_desk.hpp"
#include "daemon/commands/live_desk.hpp"
#include "daemon/commands/outcomes.hpp"
#include "daemon/commands/peer_directory.hpp"
#include "daemon/documents/portal_book.hpp"
#include "daemon/jobs/capture_jobs.hpp"
#include "daemon/jobs/card_desk.hpp"
#include "daemon/jobs/device_set.hpp"
#include "daemon/jobs/followers.hpp"
#include "daemon/jobs/form_desk.hpp"
#include "daemon/jobs/image_pool.hpp"
#include "daemon/jobs/print_jobs.hpp"
#include "daemon/jobs/visit_keeper.hpp"

namespace quay::daemon::jobs {
class Metrics;
}

namespace quay::daemon::commands {

struct Services {
  loop::Loop& loop;
  jobs::Ledger& ledger;
  jobs::DeviceSet& devices;
  jobs::ImagePool& images;
  jobs::CaptureJobs& capture_jobs;
  jobs::PrintJobs& prints;
  jobs::FormDesk& forms;
  jobs::RunningJobs& running;  ///< of all kinds
  jobs::CardDesk& cards;
  jobs::Followers& followers;
  loop::TaskGroup& tasks;
  publish::CommandSocket& control;
  Outcomes& outcomes;
  PeerDirectory& peers;
  Guard& guard;
  LeaseDesk& leases;
  LiveDesk& live;
  jobs::VisitKeeper& visits;
  jobs::Metrics& metrics;
  const documents::PortalBook& portals;
  const Log& log;
  std::string journal_id;
  std::string version;
  bool technician_may_adopt = false;  ///< visits of other accounts
};

}  // namespace quay::daemon::commands
