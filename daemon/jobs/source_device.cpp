// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/source_device.hpp"

#include "daemon/core/device_status.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::jobs {

namespace frames = protocol::worker;
using core::WorkerState;
using loop::Awaitable;

namespace {

/// How often a device that did not answer is asked again: presence is a probe, not a listing.
constexpr Milliseconds kProbeInterval{5'000};

/// Trouble that only the next look at the device can clear, as against an empty feeder.
bool means_unreachable(const std::optional<Error>& trouble) {
  return trouble && (trouble->code == Errc::device_absent || trouble->code == Errc::device_io ||
                     trouble->code == Errc::device_timeout || trouble->code == Errc::worker_crashed);
}

}  // namespace

SourceDevice::SourceDevice(loop::Loop& loop, const Log& log, Ledger& ledger, SourceSpec spec)
    : log_(log), ledger_(ledger), spec_(std::move(spec)), worker_(loop, log, spec_.worker) {}

/// Looks at once when the worker is fresh or the last use lost the device, and then at the interval: a device that
/// fails at once must not be asked without a pause.
Awaitable<void> SourceDevice::watch() {
  Deadline next_look = SteadyClock::now();
  while (!worker_.changes().closed()) {
    const auto may_look = [this] {
      return (!described_ || means_unreachable(trouble_)) && worker_.state() == WorkerState::ready && !in_use_;
    };
    const Deadline wake = may_look() ? next_look : loop::kUntilClosed;
    const std::optional<WorkerState> change = co_await worker_.changes().receive(wake);
    if (change == WorkerState::resting || change == WorkerState::quarantined) {
      described_ = false;
      next_look = SteadyClock::now();
    }
    take_news();
    if (may_look() && SteadyClock::now() >= next_look) {
      co_await describe_device();
      next_look = deadline_in(kProbeInterval);
    }
    if (worker_.changes().size() == 0) {
      co_await publish_change();
    }
  }
}

Awaitable<void> SourceDevice::describe_device() {
  const auto make = [](std::uint64_t request) { return frames::ToWorker(frames::Describe{{}, request}); };
  if (Status started = worker_.start(make); !started) {
    trouble_ = started.error();
    co_return;
  }
  const Deadline deadline = deadline_in(spec_.describe_deadline);
  for (;;) {
    Result<supervise::Incoming> incoming = co_await worker_.next(deadline);
    if (!incoming) {
      trouble_ = incoming.error();
      co_return;
    }
    if (auto* described = std::get_if<frames::Described>(&incoming->message)) {
      described->identity.port_path = spec_.port_path;
      described_as_ = std::move(*described);
    } else if (const auto* finished = std::get_if<frames::Finished>(&incoming->message)) {
      described_ = !finished->error;
      trouble_ = finished->error ? std::optional(protocol::from_body(*finished->error)) : std::nullopt;
      co_return;
    }
  }
}

/// A device that speaks up by itself has the last word on how it is.
void SourceDevice::take_news() {
  std::optional<frames::Described> news = worker_.take_news();
  if (!news) {
    return;
  }
  trouble_ = news->trouble ? std::optional(protocol::from_body(*news->trouble)) : std::nullopt;
  described_ = !trouble_;
  news->identity.port_path = spec_.port_path;
  described_as_ = std::move(*news);
}

Awaitable<void> SourceDevice::publish_change() {
  const protocol::Device device = snapshot();
  std::string text = boost::json::serialize(protocol::to_json(device));
  if (text == published_) {
    co_return;
  }
  published_ = std::move(text);
  const Ledger::Change change = [device](storage::Journal& journal, storage::Spool&, Events& events) {
    return journal.transact([&](storage::Journal& open) {
      return append(open, events, make_event(protocol::topic::kDeviceChanged, device));
    });
  };
  const Status committed = co_await ledger_.commit(change);
  if (!committed) {
    log_.error("device {}: {}", spec_.id, describe(committed.error()));
  }
}

void SourceDevice::note(std::optional<Error> trouble) {
  trouble_ = trouble && core::blames_device(trouble->code) ? std::move(trouble) : std::nullopt;
  if (!trouble_) {
    described_ = true;
  }
  touch();
}

protocol::Device SourceDevice::snapshot() const {
  protocol::Device device;
  device.id = spec_.id;
  device.kind = spec_.kind;
  device.name = spec_.name;
  device.identity.port_path = spec_.port_path;
  if (described_as_) {
    device.identity = described_as_->identity;
    device.camera = described_as_->camera;
    device.card = described_as_->card;
    if (spec_.kind == protocol::DeviceKind::scanner) {
      device.scanner = described_as_->capabilities;
    }
  }
  const core::DeviceCondition condition = core::device_condition(worker_.state(), described_, trouble_);
  device.status = condition.status;
  device.reasons = condition.reasons;
  return device;
}

}  // namespace quay::daemon::jobs
