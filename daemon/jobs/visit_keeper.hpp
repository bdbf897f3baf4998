// SPDX-License-Identifier: Apache-2.0
// Watches every open visit: warns before a limit, ends what runs in it and purges it when the limit is reached, and
// finishes purges that a crash interrupted. The only way in which a visit ends.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "daemon/core/visit_life.hpp"
#include "daemon/jobs/image_pool.hpp"
#include "daemon/jobs/ledger.hpp"
#include "daemon/jobs/running_jobs.hpp"
#include "daemon/loop/task_group.hpp"
#include "daemon/storage/purge.hpp"
#include "daemon/storage/vault.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::jobs {

/// Why a visit ends, and who wants it.
struct VisitEnd {
  VisitId visit;
  std::string reason;  ///< closed | delivered | idle | too_old | clock | no_key
  audit::AccessRecord who;
  std::optional<std::string> request_id;
  /// Runs inside the last transaction; may be empty.
  std::function<Status(storage::Journal&, const protocol::VisitClosed&)> keep;
};

class VisitKeeper {
 public:
  VisitKeeper(const Log& log, Ledger& ledger, RunningJobs& running, TextPass& texts, loop::TaskGroup& tasks,
              std::shared_ptr<storage::Vault> vault)
      : log_(log), ledger_(ledger), running_(running), texts_(texts), tasks_(tasks), vault_(std::move(vault)) {}

  /// `when_delivered`: a visit is purged as soon as the portal has all of it, not first when it is closed.
  void set_limits(const core::LifeLimits& limits, bool when_delivered) {
    limits_ = limits;
    when_delivered_ = when_delivered;
  }
  bool purges_when_delivered() const { return when_delivered_; }

  /// For tasks of the storage thread only.
  const std::shared_ptr<storage::Vault>& vault() const { return vault_; }

  /// Once, before commands are taken: finishes interrupted purges, ends visits without a key, watches the others.
  loop::Awaitable<Status> recover();

  /// A visit is open: from now on it is watched.
  void watch(const storage::VisitRow& row);
  /// A visit is being used: its idle time begins anew.
  void used(const VisitId& visit);
  /// How many visits are open.
  std::size_t open() const { return watched_.size(); }
  /// What is left of its life; nothing when it is not open.
  std::optional<core::LifeVerdict> life(const VisitId& visit) const;

  /// Call each second: warns, ends, writes down what must survive a restart.
  void tick();

  /// Purges a visit in which nothing runs. One that is purged already is no error. Errors: visit_unknown, device_busy
  /// (a job runs and does not end within two seconds), what Purger says.
  loop::Awaitable<Result<protocol::VisitClosed>> end(VisitEnd end);

  /// Ends a visit by itself as soon as nothing runs in it.
  void end_soon(const VisitId& visit, std::string reason);

  /// Writes a line of the access log, with operator and procedure of its visit; returns when it is on the disk. Errors:
  /// access_log_failed, spool_full.
  /// Which visit the line is about, when it does not say so itself; on the storage thread.
  using FindVisit = std::function<std::optional<VisitId>(storage::Journal&)>;
  loop::Awaitable<Status> note(audit::AccessRecord record, FindVisit find = {});

 private:
  struct Watched {
    core::VisitLife life;
    core::VisitLife written;
    bool warned = false;
    std::optional<std::string> ending{};  ///< why; waits until nothing runs in it
  };

  void look_at(const VisitId& id, Watched& visit, const core::ClockReading& now);
  loop::Awaitable<void> warn(protocol::VisitExpiring warning);
  loop::Awaitable<void> expire(VisitId id, std::string reason);
  loop::Awaitable<void> write_down(std::map<VisitId, core::VisitLife> lives);
  loop::Awaitable<void> anchor();

  const Log& log_;
  Ledger& ledger_;
  RunningJobs& running_;
  TextPass& texts_;
  loop::TaskGroup& tasks_;
  std::shared_ptr<storage::Vault> vault_;
  core::LifeLimits limits_;
  bool when_delivered_ = false;
  std::map<VisitId, Watched> watched_;
  std::set<VisitId> going_;  ///< being purged now
  bool log_moved_ = false;
};

}  // namespace quay::daemon::jobs
