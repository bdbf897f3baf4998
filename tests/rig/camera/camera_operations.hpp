// SPDX-License-Identifier: Apache-2.0
// What the simulated camera answers to each PTP operation: a dataset, a response code. Knows nothing of the wire.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "tests/rig/camera/camera_model.hpp"
#include "tests/rig/camera/ptp_bytes.hpp"

namespace quay::rig {

struct PtpRequest {
  std::uint16_t operation = 0;
  std::uint32_t transaction = 0;
  std::array<std::uint32_t, 5> parameters{};
  Bytes data;  ///< what the host sent along
};

struct PtpAnswer {
  std::uint16_t code = 0x2001;
  std::optional<Bytes> data;  ///< a data phase to the host
};

/// Thread: any; a session is the caller's business.
PtpAnswer answer(CameraModel& camera, const PtpRequest& request, bool long_size);

}  // namespace quay::rig
