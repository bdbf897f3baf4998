// SPDX-License-Identifier: Apache-2.0
// The leases of all devices: asks the state machine (core/lease.hpp), tells front ends of changes, lets leases run out.
// Not kept across restarts: no job survives one either.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/core/lease.hpp"
#include "daemon/core/peer.hpp"
#include "daemon/jobs/ledger.hpp"
#include "daemon/loop/task_group.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::commands {

/// `visit`, as its peer has a device for it.
core::LeaseHolder holder_of(const core::Peer& peer, const std::string& visit);

class LeaseDesk {
 public:
  LeaseDesk(loop::Loop& loop, const Log& log, jobs::Ledger& ledger, loop::TaskGroup& tasks)
      : log_(log), ledger_(ledger), tasks_(tasks), changed_(loop) {}

  void set_grace(Milliseconds grace) { grace_ = grace; }

  // What a visit wants of a device. Errors: device_leased, with who has it and for how long.
  Result<protocol::Lease> take(const std::string& device, const core::LeaseHolder& who, Milliseconds span);
  Result<protocol::Lease> request(const std::string& device, const core::LeaseHolder& who);
  Result<protocol::Lease> release(const std::string& device, const std::string& visit);
  Result<protocol::Lease> refuse(const std::string& device, const std::string& visit);

  /// A job of that visit is about to use the device. Errors: device_leased; device_busy when it is the same visit's.
  Status start_job(const std::string& device, const core::LeaseHolder& who);
  /// `used`: it moved paper, so its visit keeps the device for a moment.
  void end_job(const std::string& device, bool used);

  /// The visit is over.
  void forget(const std::string& visit);

  /// Every device that is not free.
  std::vector<protocol::Lease> snapshot() const;

  /// Lets leases run out; ends with stop().
  loop::Awaitable<void> watch();
  void stop() { changed_.close(); }

 private:
  Result<protocol::Lease> answer(const std::string& device, const core::DeviceLease::Verdict& verdict);
  void tell(const std::string& device, const core::DeviceLease::Verdict& verdict);
  loop::Awaitable<void> publish(protocol::LeaseChanged change);
  protocol::Lease view(const std::string& device) const;
  Error held_error(const std::string& device) const;
  Deadline next_end() const;

  const Log& log_;
  jobs::Ledger& ledger_;
  loop::TaskGroup& tasks_;
  loop::Mailbox<int> changed_;
  std::map<std::string, core::DeviceLease> leases_;
  Milliseconds grace_{5'000};
};

}  // namespace quay::daemon::commands
