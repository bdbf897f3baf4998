// SPDX-License-Identifier: Apache-2.0
// What the families of commands work with; owned by Daemon, which outlives them.
#pragma once

#include <string>

#include "daemon/commands/outcomes.hpp"
#include "daemon/jobs/device_set.hpp"
#include "daemon/jobs/image_pool.hpp"
#include "daemon/jobs/scan_jobs.hpp"

namespace quay::daemon::commands {

struct Services {
  jobs::Ledger& ledger;
  jobs::DeviceSet& devices;
  jobs::ImagePool& images;
  jobs::ScanJobs& scans;
  loop::TaskGroup& tasks;
  publish::CommandSocket& control;
  Outcomes& outcomes;
  const Log& log;
  std::string journal_id;
  std::string version;
};

}  // namespace quay::daemon::commands
