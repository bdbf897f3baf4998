// SPDX-License-Identifier: Apache-2.0
// Which devices quayd owns: those of the configuration at once, those that are found when they are, and anew whenever
// something was plugged in or out. What is not concerned by that stays as it is.
#include "daemon/daemon.hpp"
#include "daemon/device_specs.hpp"

namespace quay::daemon {

using loop::Awaitable;

namespace {

/// Ids are made of what is plugged in: the first look waits for that, but not for ever.
constexpr Milliseconds kFirstLook{5'000};
/// A device that is plugged in comes and goes a few times before it stays.
constexpr Milliseconds kSettled{400};

std::string_view driver_name(const protocol::worker::FoundScanner& found) { return found.sane_name; }
std::string_view driver_name(const protocol::worker::FoundCamera& found) { return found.port; }
std::string_view driver_name(const protocol::worker::FoundDocumentCamera& found) { return found.video; }

}  // namespace

Status Daemon::start_devices() {
  auto wanted = device_specs(config_, found_, usb_.plugged().value_or(jobs::UsbDesk::Devices{}));
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
  const jobs::UsbDesk::Devices plugged = usb_.plugged().value_or(jobs::UsbDesk::Devices{});
  const auto name_of = [](const Found& one) { return driver_name(one); };
  found_.*into = core::still_there(found_.*into, *found, plugged, name_of);
  log_.info("found {} {}", (found_.*into).size(), what);
  if (const Status started = start_devices(); !started) {
    log_.error("devices: {}", describe(started.error()));
  }
}

/// Also with a new configuration. USB is watched where devices are looked for.
void Daemon::start_looking() {
  const bool looks = config_.discover_scanners || config_.discover_cameras || config_.discover_document_cameras;
  if (looks && !usb_.runs()) {
    supervise::WorkerSpec spec = worker_spec(config_, "usb", "quay-usb");
    spec.process.arguments = {"--serve"};
    usb_.start(metrics_.counted(std::move(spec)));
    housekeeping_.spawn("hot plug", follow_usb());
  } else if (looks) {
    usb_.look_again();
  }
}

Awaitable<void> Daemon::follow_usb() {
  const Deadline first = deadline_in(kFirstLook);
  co_await usb_.changes().receive(first);
  while (!usb_.changes().closed()) {
    co_await look_for_devices();
    const std::optional<int> change = co_await usb_.changes().receive(loop::kUntilClosed);
    for (bool restless = change.has_value(); restless;) {
      const Deadline quiet = deadline_in(kSettled);
      const std::optional<int> more = co_await usb_.changes().receive(quiet);
      restless = more.has_value();
    }
  }
}

/// One after the other: what is found later is never overwritten by what was found before.
Awaitable<void> Daemon::look_for_devices() {
  if (config_.discover_scanners) {
    co_await look_for("scanners", discover_scanners(loop_, config_), &FoundDevices::scanners);
  }
  if (config_.discover_cameras) {
    co_await look_for("cameras", discover_cameras(loop_, config_), &FoundDevices::cameras);
  }
  if (config_.discover_document_cameras) {
    co_await look_for("document cameras", discover_document_cameras(loop_, config_), &FoundDevices::document_cameras);
  }
}

/// The rung after SIGKILL: the port of a device that let its worker hang twice in a row is reset.
void Daemon::free_hung_devices() {
  for (const std::string& id : devices_.take_hung()) {
    const jobs::SourceDevice* device = devices_.find(id);
    const auto at = core::usb_address_of(device->spec().port_path);
    if (at && usb_.runs()) {
      housekeeping_.spawn("port reset", reset_port(id, *at));
    }
  }
}

Awaitable<void> Daemon::reset_port(std::string device, core::UsbAddress at) {
  log_.warning("{}: its worker hung twice in a row, its port is reset", device);
  const Status done = co_await usb_.reset(at.bus, at.address);
  if (!done) {
    log_.error("{}: port reset: {}", device, describe(done.error()));
    co_return;
  }
  if (jobs::SourceDevice* reset = devices_.find(device); reset != nullptr) {
    reset->note_reset();
  }
}

}  // namespace quay::daemon
