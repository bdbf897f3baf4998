// SPDX-License-Identifier: Apache-2.0
#include "devices/printer/queue_sweeper.hpp"

namespace quay::printer {
namespace {

/// How quayd calls its prints, and nobody else.
constexpr std::string_view kOurs = "quay-";

}  // namespace

void QueueSweeper::look(const PrinterLink& queue) {
  const auto jobs = queue.finished();
  if (!jobs) {
    return;
  }
  std::map<std::string, Deadline> still_there;
  for (const JobSeen& job : *jobs) {
    if (!job.name.starts_with(kOurs)) {
      continue;
    }
    const auto known = over_.find(job.name);
    const Deadline due = known == over_.end() ? deadline_in(age_) : known->second;
    const Status purged = SteadyClock::now() >= due ? queue.purge(job.id) : Status();
    if (!purged) {
      log_.warning("a print stays in the queue: {}", describe(purged.error()));
    }
    still_there.emplace(job.name, due);
  }
  over_ = std::move(still_there);
}

}  // namespace quay::printer
