// SPDX-License-Identifier: Apache-2.0
// Waits for the end of a job as a front end does: over lost events and restarts of quayd, until every page is clean.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "clients/cpp/event_stream.hpp"

namespace quay::client {

/// How a job ended. A failed one carries its error in `job`, and the pages that are safe all the same.
struct JobOutcome {
  protocol::Job job;
  std::vector<protocol::Capture> pages;  ///< in order, failed ones included

  /// The ids of the good pages, in order: what document.assemble takes.
  std::vector<std::string> good_pages() const;
};

/// Called with each event of the job, job.progress too.
using JobListener = std::function<void(const protocol::Event&)>;

/// Waits until `job` is over and each of its pages ready or given up; `start` says from which event on `listener`
/// hears of it. Errors: request_deadline when that is not so at `deadline`; what job.get or capture.list refuse.
Result<JobOutcome> await_job(Client& client, const std::string& job, Deadline deadline, Cursor start,
                             const JobListener& listener = {});

}  // namespace quay::client
