// SPDX-License-Identifier: Apache-2.0
// What the events of one scan job have said so far. Pure: takes events, knows no socket and no terminal.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "protocol/client/envelope.hpp"
#include "protocol/client/events.hpp"

namespace quay::ctl {

class ScanProgress {
 public:
  explicit ScanProgress(std::string job) : job_(std::move(job)) {}

  /// Takes an event; true when it was about this job.
  bool take(const protocol::Event& event);

  std::int32_t page() const { return page_; }        ///< the page being worked on, from 1; 0: none yet
  std::int32_t percent() const { return percent_; }  ///< of that page
  const std::string& stage() const { return stage_; }
  std::size_t captured() const { return captured_.size(); }
  std::size_t settled() const { return settled_.size(); }

  /// How the job ended; nothing while it runs.
  const std::optional<protocol::Job>& outcome() const { return outcome_; }

  /// True when the job has ended and every page of it is ready or given up.
  bool is_over() const;

 private:
  void take_progress(const protocol::JobProgress& progress);
  void take_outcome(protocol::Job job);

  std::string job_;
  std::int32_t page_ = 0;
  std::int32_t percent_ = 0;
  std::string stage_;
  std::set<std::string> captured_;
  std::set<std::string> settled_;
  std::optional<protocol::Job> outcome_;
};

}  // namespace quay::ctl
