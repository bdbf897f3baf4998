// SPDX-License-Identifier: Apache-2.0
// Cameras and phones that libgphoto2 sees on USB.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::camera {

/// Errors: device_io.
Result<std::vector<protocol::worker::FoundCamera>> find_cameras();

}  // namespace quay::camera
