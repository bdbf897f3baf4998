// SPDX-License-Identifier: Apache-2.0
// The dials of a document camera: focus, exposure, and the mains frequency that its exposure must not beat with.
#pragma once

#include <optional>

#include "devices/document_camera/video_node.hpp"
#include "protocol/client/device.hpp"

namespace quay::document_camera {

/// What a camera lets be set; nothing where it has no such control.
std::optional<protocol::CameraDial> focus_dial(const VideoNode& node);
std::optional<protocol::CameraDial> exposure_dial(const VideoNode& node);

/// Sets what `wanted` asks for, what it leaves open as the camera came, and 50 Hz where it has to know. Errors:
/// device_invalid_setting, naming what was expected; those of the camera.
Status set_controls(const VideoNode& node, const protocol::CameraSettings& wanted);

}  // namespace quay::document_camera
