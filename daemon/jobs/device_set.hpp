// SPDX-License-Identifier: Apache-2.0
// The devices quayd owns now. A new configuration changes only what differs, and never a device in use: that one is
// exchanged as soon as it is free.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/jobs/source_device.hpp"
#include "daemon/loop/task_group.hpp"

namespace quay::daemon::jobs {

class DeviceSet {
 public:
  DeviceSet(loop::Loop& loop, const Log& log, Ledger& ledger) : loop_(loop), log_(log), ledger_(ledger) {}

  /// What the configuration wants from now on. `fingerprint` tells one version of a device's settings from another.
  struct Wanted {
    SourceSpec spec;
    std::string fingerprint;
  };
  void want(std::vector<Wanted> devices);

  /// Brings the set nearer to what is wanted: call each second and after want().
  void reconcile();

  /// The device, or nullptr. Valid while it is acquired.
  SourceDevice* find(const std::string& id);
  std::vector<protocol::Device> snapshot() const;
  /// Guests of that visit are nobody's until they were unplugged.
  void end_visit(const std::string& visit);

  /// Those whose device itself must be what hangs (SourceDevice::take_hung), by id.
  std::vector<std::string> take_hung();

  /// Ends every worker's rest or quarantine.
  void revive();
  void stop();
  /// True when no worker is left after stop().
  bool empty();

 private:
  struct Slot {
    Slot(loop::Loop& loop, const Log& log, Ledger& ledger, Wanted wanted);
    std::string fingerprint;
    SourceDevice device;
    loop::TaskGroup tasks;
    bool leaving = false;
  };

  bool is_wanted(const Slot& slot) const;
  void let_go(Slot& slot);

  loop::Loop& loop_;
  const Log& log_;
  Ledger& ledger_;
  std::vector<Wanted> wanted_;
  std::vector<std::unique_ptr<Slot>> slots_;
};

}  // namespace quay::daemon::jobs
