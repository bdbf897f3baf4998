// SPDX-License-Identifier: Apache-2.0
#include "daemon/core/device_status.hpp"

#include "protocol/client/error_table.hpp"

namespace quay::daemon::core {
namespace {

using protocol::DeviceStatus;

DeviceStatus status_of_trouble(Errc code) {
  if (code == Errc::device_absent) {
    return DeviceStatus::absent;
  }
  using protocol::Remedy;
  const Remedy remedy = protocol::error_row(code).remedy;
  return remedy == Remedy::clerk || remedy == Remedy::wait ? DeviceStatus::needs_attention : DeviceStatus::faulty;
}

DeviceCondition with_reason(DeviceStatus status, Errc code) {
  return {status, {std::string(protocol::error_row(code).wire)}};
}

}  // namespace

DeviceCondition device_condition(WorkerState worker, bool described, const std::optional<Error>& trouble) {
  switch (worker) {
    case WorkerState::quarantined: return with_reason(DeviceStatus::quarantined, Errc::device_quarantined);
    case WorkerState::busy:
      if (described) {
        return {DeviceStatus::busy, {}};
      }
      break;
    case WorkerState::cancelling: return {DeviceStatus::busy, {}};
    case WorkerState::dying: return with_reason(DeviceStatus::faulty, Errc::device_timeout);
    case WorkerState::resting: return with_reason(DeviceStatus::faulty, Errc::worker_crashed);
    case WorkerState::down:
    case WorkerState::starting:
    case WorkerState::ready: break;
  }
  if (trouble) {
    return with_reason(status_of_trouble(trouble->code), trouble->code);
  }
  return {worker == WorkerState::ready && described ? DeviceStatus::ready : DeviceStatus::starting, {}};
}

bool blames_device(Errc code) {
  switch (code) {
    case Errc::card_absent:
    case Errc::card_removed:
    case Errc::card_unsupported:
    case Errc::card_mute:
    case Errc::card_key_missing:
    case Errc::card_key_refused:
    case Errc::card_tries_low:
    case Errc::card_protocol:
    case Errc::card_data_malformed:
    case Errc::device_leased:
    case Errc::phone_visit_over: return false;
    default: return true;
  }
}

}  // namespace quay::daemon::core
