// SPDX-License-Identifier: Apache-2.0
// The metrics of the running daemon: what parts of quayd tell it, and what it looks up when somebody asks. Costs little
// between two looks; opens no port.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "daemon/core/meter.hpp"
#include "daemon/jobs/event_meter.hpp"
#include "daemon/jobs/ledger.hpp"
#include "daemon/supervise/worker.hpp"

namespace quay::daemon::jobs {

class Metrics {
 public:
  /// Sets the gauges that the loop knows; called for each text.
  using Look = std::function<void(core::Meter&)>;

  Metrics(Ledger& ledger, Look look) : ledger_(ledger), look_(std::move(look)), events_(meter_) {}
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
  ~Metrics() = default;

  void hear(const publish::Notice& notice) { events_.hear(notice, SteadyClock::now()); }
  /// The same specification, with its worker's ends counted here. This outlives the worker.
  supervise::WorkerSpec counted(supervise::WorkerSpec spec);
  /// A command that exists was answered; `code` is "ok" or that of its error.
  void answered(const std::string& command, const std::string& code, SteadyClock::duration took);

  /// One that was none, or one too many: not even looked at. What it was called is the sender's to choose, so no label.
  void refused(const std::string& code) { meter_.add(core::Metric::commands, {"unknown", code}); }

  /// Errors: spool_failed.
  loop::Awaitable<Result<std::string>> text();
  /// Puts the text where a collector reads it, readable by everybody, whole at any moment. Errors: file_unwritable too.
  loop::Awaitable<Status> write(std::filesystem::path file);

 private:
  Ledger& ledger_;
  Look look_;
  core::Meter meter_;
  EventMeter events_;
};

}  // namespace quay::daemon::jobs
