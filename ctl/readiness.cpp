// SPDX-License-Identifier: Apache-2.0
#include "ctl/readiness.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ctl/session.hpp"
#include "protocol/client/error_table.hpp"

namespace quay::ctl {
namespace {

/// An empty feeder is how a feeder waits for the next citizen.
bool only_waits_for_paper(const protocol::Device& device) {
  return device.status == protocol::DeviceStatus::needs_attention && device.reasons.size() == 1 &&
         device.reasons.front() == protocol::error_row(Errc::paper_empty).wire;
}

bool works(const protocol::Device& device) {
  return device.status == protocol::DeviceStatus::ready || device.status == protocol::DeviceStatus::busy ||
         only_waits_for_paper(device);
}

/// A device's first reason, or what its status says when it names none.
Errc reason_of(const protocol::Device& device) {
  if (!device.reasons.empty()) {
    return protocol::errc_from_wire(device.reasons.front()).value_or(Errc::device_io);
  }
  switch (device.status) {
    case protocol::DeviceStatus::quarantined: return Errc::device_quarantined;
    case protocol::DeviceStatus::starting: return Errc::device_warming_up;
    case protocol::DeviceStatus::absent: return Errc::device_absent;
    default: return Errc::device_io;
  }
}

}  // namespace

Readiness judge_readiness(const protocol::StateResult& state) {
  Readiness verdict;
  verdict.kind = state.devices.empty() ? Readiness::Kind::not_ready : Readiness::Kind::ready;
  for (const protocol::Device& device : state.devices) {
    if (works(device)) {
      continue;
    }
    const bool starting = device.status == protocol::DeviceStatus::starting;
    if (!starting || verdict.kind == Readiness::Kind::ready) {
      verdict = {starting ? Readiness::Kind::starting : Readiness::Kind::not_ready, device.id, reason_of(device)};
    }
    if (!starting) {
      return verdict;
    }
  }
  return verdict;
}

std::string readiness_text(Language language, const Readiness& readiness, const protocol::StateResult& state) {
  if (readiness.kind == Readiness::Kind::ready) {
    std::vector<std::string_view> names;
    names.reserve(state.devices.size());
    for (const protocol::Device& device : state.devices) {
      names.emplace_back(device.id);
    }
    return fmt::format("{}: {}", say(language, "sẵn sàng", "ready"), fmt::join(names, ", "));
  }
  const protocol::ErrorRow& row = protocol::error_row(readiness.reason);
  const std::string device = readiness.device.empty() ? std::string() : readiness.device + ": ";
  return fmt::format("{}: {}{} [{}]", say(language, "chưa sẵn sàng", "not ready"), device,
                     say(language, row.vi, row.en), row.wire);
}

}  // namespace quay::ctl
