// SPDX-License-Identifier: Apache-2.0
// What a document camera sees, at the pace that is asked: every frame is taken from the driver, so that the one that is
// sent is the newest, and most are let go unread.
#pragma once

#include "devices/document_camera/video_node.hpp"
#include "devices/worker/device.hpp"

namespace quay::document_camera {

/// Until the job is cancelled. Errors: those of Stream and FrameSource.
Status show_live(const VideoNode& node, double frames_per_second, worker::Job& job);

}  // namespace quay::document_camera
