// SPDX-License-Identifier: Apache-2.0
// One status for a device out of what its worker does and what went wrong last. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "daemon/core/worker_machine.hpp"
#include "protocol/client/device.hpp"

namespace quay::daemon::core {

struct DeviceCondition {
  protocol::DeviceStatus status = protocol::DeviceStatus::absent;
  std::vector<std::string> reasons;
  bool operator==(const DeviceCondition&) const = default;
};

/// `described` says whether the device answered since the worker started; `trouble` is its last failure, cleared by
/// the next success.
DeviceCondition device_condition(WorkerState worker, bool described, const std::optional<Error>& trouble);

/// False where the trouble is the card's, or its number's: the reader is as good as before.
bool blames_device(Errc code);

}  // namespace quay::daemon::core
