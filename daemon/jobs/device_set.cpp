// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/device_set.hpp"

#include <algorithm>

namespace quay::daemon::jobs {

DeviceSet::Slot::Slot(loop::Loop& loop, const Log& log, Ledger& ledger, Wanted wanted)
    : fingerprint(std::move(wanted.fingerprint)), device(loop, log, ledger, std::move(wanted.spec)), tasks(loop, log) {
  tasks.spawn("device worker", device.run_worker());
  tasks.spawn("device watch", device.watch());
}

void DeviceSet::want(std::vector<Wanted> devices) {
  wanted_ = std::move(devices);
  reconcile();
}

bool DeviceSet::is_wanted(const Slot& slot) const {
  return std::any_of(wanted_.begin(), wanted_.end(), [&](const Wanted& wanted) {
    return wanted.spec.id == slot.device.id() && wanted.fingerprint == slot.fingerprint;
  });
}

void DeviceSet::let_go(Slot& slot) {
  if (!slot.leaving && slot.device.try_acquire()) {  // never given back: nobody starts a job on it any more
    slot.leaving = true;
    slot.device.leave();
  }
}

std::vector<std::string> DeviceSet::take_hung() {
  std::vector<std::string> hung;
  for (const auto& slot : slots_) {
    if (slot->device.take_hung()) {
      hung.push_back(slot->device.id());
    }
  }
  return hung;
}

void DeviceSet::reconcile() {
  for (const auto& slot : slots_) {
    if (!is_wanted(*slot)) {
      let_go(*slot);
    }
  }
  std::erase_if(slots_, [](const auto& slot) { return slot->leaving && slot->tasks.running() == 0; });
  for (const Wanted& wanted : wanted_) {
    const bool there = std::any_of(slots_.begin(), slots_.end(),
                                   [&](const auto& slot) { return slot->device.id() == wanted.spec.id; });
    if (!there) {
      log_.info("device {}: {}", wanted.spec.id, wanted.spec.name);
      slots_.push_back(std::make_unique<Slot>(loop_, log_, ledger_, wanted));
    }
  }
}

SourceDevice* DeviceSet::find(const std::string& id) {
  const auto found =
      std::find_if(slots_.begin(), slots_.end(), [&](const auto& slot) { return slot->device.id() == id; });
  return found == slots_.end() ? nullptr : &(*found)->device;
}

std::vector<protocol::Device> DeviceSet::snapshot() const {
  std::vector<protocol::Device> devices;
  devices.reserve(slots_.size());
  for (const auto& slot : slots_) {
    devices.push_back(slot->device.snapshot());
  }
  return devices;
}

void DeviceSet::end_visit(const std::string& visit) {
  for (const auto& slot : slots_) {
    slot->device.end_visit(visit);
  }
}

void DeviceSet::revive() {
  for (const auto& slot : slots_) {
    slot->device.revive();
  }
}

void DeviceSet::stop() {
  wanted_.clear();
  for (const auto& slot : slots_) {
    slot->leaving = true;
    slot->device.stop();
  }
}

bool DeviceSet::empty() {
  return std::all_of(slots_.begin(), slots_.end(), [](const auto& slot) { return slot->tasks.running() == 0; });
}

}  // namespace quay::daemon::jobs
