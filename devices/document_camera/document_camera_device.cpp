// SPDX-License-Identifier: Apache-2.0
#include "devices/document_camera/document_camera_device.hpp"

#include <algorithm>
#include <string>

#include "devices/document_camera/controls.hpp"
#include "devices/document_camera/live.hpp"
#include "devices/document_camera/picture_format.hpp"
#include "devices/document_camera/still.hpp"

namespace quay::document_camera {

namespace frames = worker::frames;
using worker::Outcome;

namespace {

Outcome outcome_of(const Status& done) { return done ? Outcome{} : Outcome{0, done.error()}; }

}  // namespace

Outcome DocumentCameraDevice::carry_out(const frames::ToWorker& request, std::vector<UniqueFd> /*descriptors*/,
                                        worker::Job& job) {
  job.progress(frames::Stage::opening, 0);
  const auto node = VideoNode::open(video_);
  if (!node) {
    return {0, node.error()};
  }
  if (std::holds_alternative<frames::Describe>(request)) {
    return outcome_of(describe(*node, job));
  }
  if (const auto* order = std::get_if<frames::Capture>(&request)) {
    return Still(*node, job, log_).take(*order);
  }
  if (const auto* wish = std::get_if<frames::LiveView>(&request)) {
    return outcome_of(show_live(*node, wish->frames_per_second, job));
  }
  return {0, make_error(Errc::device_unsupported, "worker.request", "a document camera takes and shows pictures")};
}

Status DocumentCameraDevice::describe(const VideoNode& node, worker::Job& job) {
  auto formats = formats_of(node);
  if (!formats) {
    return failure(formats.error());
  }
  frames::Described described;
  const auto& card = node.about().card;
  described.identity.model.assign(std::begin(card), std::find(std::begin(card), std::end(card), '\0'));
  protocol::CameraCapabilities& can = described.camera.emplace();
  can.capture = true;
  can.live_view = true;
  can.image_sizes = sizes_in(still_ladder(*std::move(formats)));
  can.focus = focus_dial(node);
  can.exposure = exposure_dial(node);
  return job.send(std::move(described));
}

}  // namespace quay::document_camera
