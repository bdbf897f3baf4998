// SPDX-License-Identifier: Apache-2.0
// One document camera: says what it can do, gives pages, shows what its lens sees. Opens its node for each request and
// closes it after, so that a camera that was pulled out and put back is simply there again.
#pragma once

#include <filesystem>

#include "base/log.hpp"
#include "devices/document_camera/video_node.hpp"
#include "devices/worker/device.hpp"

namespace quay::document_camera {

class DocumentCameraDevice final : public worker::Device {
 public:
  DocumentCameraDevice(std::filesystem::path video, const Log& log) : video_(std::move(video)), log_(log) {}

  worker::Outcome carry_out(const worker::frames::ToWorker& request, std::vector<UniqueFd> descriptors,
                            worker::Job& job) override;

 private:
  Status describe(const VideoNode& node, worker::Job& job);

  std::filesystem::path video_;
  const Log& log_;
};

}  // namespace quay::document_camera
