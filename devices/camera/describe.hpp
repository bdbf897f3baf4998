// SPDX-License-Identifier: Apache-2.0
// What a camera says of itself, in quay's words.
#pragma once

#include "devices/camera/session.hpp"
#include "protocol/client/device.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::camera {

/// All three ask the camera. Errors: those of Session::text_setting.
Result<protocol::DeviceIdentity> identity_of(Session& session);
Result<protocol::CameraCapabilities> capabilities_of(Session& session);
/// `asked`: what its memories are, just asked.
Result<protocol::worker::Condition> condition_of(Session& session, const Result<Storage>& asked);

}  // namespace quay::camera
