// SPDX-License-Identifier: Apache-2.0
// What a camera says of itself, in quay's words.
#pragma once

#include "devices/camera/session.hpp"
#include "protocol/client/device.hpp"

namespace quay::camera {

protocol::DeviceIdentity identity_of(Session& session);
protocol::CameraCapabilities capabilities_of(Session& session);

}  // namespace quay::camera
