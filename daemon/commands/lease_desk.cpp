// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/lease_desk.hpp"

#include <algorithm>
#include <chrono>

namespace quay::daemon::commands {

using core::DeviceLease;
using loop::Awaitable;

namespace {

Milliseconds time_left(const DeviceLease& lease) {
  const auto left = std::chrono::ceil<Milliseconds>(lease.until() - SteadyClock::now());
  return lease.state() == core::LeaseState::free ? Milliseconds(0) : std::max(left, Milliseconds(0));
}

std::optional<std::string> visit_in(const std::optional<core::LeaseHolder>& holder) {
  return holder ? std::optional(holder->visit) : std::nullopt;
}

}  // namespace

core::LeaseHolder holder_of(const core::Peer& peer, const std::string& visit) {
  return {visit, peer.program.empty() ? peer.name : peer.program + " (" + peer.name + ")"};
}

Result<protocol::Lease> LeaseDesk::take(const std::string& device, const core::LeaseHolder& who, Milliseconds span) {
  return answer(device, leases_[device].take(who, span, SteadyClock::now()));
}

Result<protocol::Lease> LeaseDesk::request(const std::string& device, const core::LeaseHolder& who) {
  return answer(device, leases_[device].request(who, SteadyClock::now()));
}

Result<protocol::Lease> LeaseDesk::release(const std::string& device, const std::string& visit) {
  return answer(device, leases_[device].release(visit, SteadyClock::now()));
}

Result<protocol::Lease> LeaseDesk::refuse(const std::string& device, const std::string& visit) {
  return answer(device, leases_[device].refuse(visit));
}

Status LeaseDesk::start_job(const std::string& device, const core::LeaseHolder& who) {
  DeviceLease& lease = leases_[device];
  if (lease.start_job(who, SteadyClock::now()).answer == DeviceLease::Answer::yes) {
    return {};
  }
  if (lease.holder() && lease.holder()->visit == who.visit) {
    return failure(Errc::device_busy, "scan.start", "another job of this visit uses " + device);
  }
  return failure(held_error(device));
}

void LeaseDesk::end_job(const std::string& device, bool used) {
  tell(device, leases_[device].end_job(used ? grace_ : Milliseconds(0), SteadyClock::now()));
}

void LeaseDesk::forget(const std::string& visit) {
  for (auto& [device, lease] : leases_) {
    tell(device, lease.forget(visit, SteadyClock::now()));
  }
}

Result<protocol::Lease> LeaseDesk::answer(const std::string& device, const DeviceLease::Verdict& verdict) {
  if (verdict.answer == DeviceLease::Answer::no) {
    return failure(held_error(device));
  }
  tell(device, verdict);
  return view(device);
}

/// Whoever has the device, as an error for somebody who wanted it.
Error LeaseDesk::held_error(const std::string& device) const {
  const DeviceLease& lease = leases_.at(device);
  Error error = make_error(Errc::device_leased, "device.lease", "");
  error.device_id = device;
  if (!lease.holder()) {
    error.detail = "nobody has the device";
    return error;
  }
  error.holder = lease.holder()->name;
  error.retry_after_ms = time_left(lease).count();
  error.detail = lease.state() == core::LeaseState::working
                     ? "a job of another visit runs"
                     : "another visit has it for " + std::to_string(view(device).seconds_left) + " s more";
  return error;
}

protocol::Lease LeaseDesk::view(const std::string& device) const {
  const DeviceLease& lease = leases_.at(device);
  protocol::Lease seen;
  seen.device = device;
  seen.state = lease.state();
  seen.visit = visit_in(lease.holder());
  seen.holder = lease.holder() ? std::optional(lease.holder()->name) : std::nullopt;
  seen.seconds_left = static_cast<std::int32_t>(std::chrono::ceil<std::chrono::seconds>(time_left(lease)).count());
  seen.wanted_by = visit_in(lease.wanted_by());
  return seen;
}

std::vector<protocol::Lease> LeaseDesk::snapshot() const {
  std::vector<protocol::Lease> all;
  for (const auto& [device, lease] : leases_) {
    if (lease.state() != core::LeaseState::free) {
      all.push_back(view(device));
    }
  }
  return all;
}

void LeaseDesk::tell(const std::string& device, const DeviceLease::Verdict& verdict) {
  changed_.push(0);
  if (verdict.change) {
    const protocol::Lease lease = view(device);
    tasks_.spawn("lease", publish({{}, device, protocol::enum_name(*verdict.change), lease.visit, lease.wanted_by}));
  }
}

Awaitable<void> LeaseDesk::publish(protocol::LeaseChanged change) {
  const jobs::Ledger::Change append = [change](storage::Journal& journal, storage::Spool&, jobs::Events& events) {
    return journal.transact([&](storage::Journal& open) {
      return jobs::append(open, events,
                          jobs::make_event(protocol::topic::kDeviceLeaseChanged, change, change.visit.value_or("")));
    });
  };
  const Status committed = co_await ledger_.commit(append);
  if (!committed) {
    log_.error("lease of {}: {}", change.device, describe(committed.error()));
  }
}

Deadline LeaseDesk::next_end() const {
  Deadline next = loop::kUntilClosed;
  for (const auto& [device, lease] : leases_) {
    if (lease.state() == core::LeaseState::held) {
      next = std::min(next, lease.until());
    }
  }
  return next;
}

Awaitable<void> LeaseDesk::watch() {
  while (!changed_.closed()) {
    const Deadline next = next_end();
    co_await changed_.receive(next);
    for (auto& [device, lease] : leases_) {
      const DeviceLease::Verdict verdict = lease.pass_time(SteadyClock::now());
      if (verdict.change) {
        tell(device, verdict);
      }
    }
  }
}

}  // namespace quay::daemon::commands
