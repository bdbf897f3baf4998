// SPDX-License-Identifier: Apache-2.0
// Which devices quayd owns: those of the configuration at once, those that are found when they are.
#include "daemon/daemon.hpp"
#include "daemon/device_specs.hpp"

namespace quay::daemon {

using loop::Awaitable;

Status Daemon::start_devices() {
  auto wanted = device_specs(config_, found_);
  if (!wanted) {
    return failure(wanted.error());
  }
  for (jobs::DeviceSet::Wanted& device : *wanted) {
    device.spec.worker = metrics_.counted(std::move(device.spec.worker));
  }
  devices_.want(std::move(*wanted));
  return {};
}

/// Devices named in the configuration do not wait for this.
template <class Found>
Awaitable<void> Daemon::look_for(const char* what, Awaitable<Result<std::vector<Found>>> search,
                                 std::vector<Found> FoundDevices::*into) {
  auto found = co_await std::move(search);
  if (!found) {
    log_.warning("looking for {}: {}", what, describe(found.error()));
    co_return;
  }
  log_.info("found {} {}", found->size(), what);
  found_.*into = std::move(*found);
  if (const Status started = start_devices(); !started) {
    log_.error("devices: {}", describe(started.error()));
  }
}

void Daemon::look_for_devices() {
  if (config_.discover_scanners) {
    housekeeping_.spawn("discovery", look_for("scanners", discover_scanners(loop_, config_), &FoundDevices::scanners));
  }
  if (config_.discover_cameras) {
    housekeeping_.spawn("discovery", look_for("cameras", discover_cameras(loop_, config_), &FoundDevices::cameras));
  }
  if (config_.discover_document_cameras) {
    housekeeping_.spawn("discovery", look_for("document cameras", discover_document_cameras(loop_, config_),
                                              &FoundDevices::document_cameras));
  }
}

}  // namespace quay::daemon
