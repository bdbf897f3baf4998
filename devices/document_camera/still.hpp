// SPDX-License-Identifier: Apache-2.0
// From a wish for pages to pages: the stream at full resolution, the camera left to settle, the sharpest of a few
// frames, as a JPEG file or as rows of pixels.
#pragma once

#include "base/log.hpp"
#include "devices/document_camera/frame_choice.hpp"
#include "devices/document_camera/stream.hpp"
#include "devices/worker/device.hpp"

namespace quay::document_camera {

class Still {
 public:
  /// Borrows all three.
  Still(const VideoNode& node, worker::Job& job, const Log& log) : node_(node), job_(job), log_(log) {}

  worker::Outcome take(const worker::frames::Capture& order);

 private:
  /// A frame that is whole and looked at.
  struct Picture {
    std::vector<std::uint8_t> jpeg;  ///< empty: pixels
    Image pixels;
    Look look;
  };

  Result<Stream> start(const protocol::CameraSettings& settings);
  Result<Picture> best_of(Stream& stream, std::int32_t page);
  static Result<Picture> looked_at(const Stream& stream, const RawFrame& frame);
  Status deliver(Picture picture, std::int32_t page);

  const VideoNode& node_;
  worker::Job& job_;
  const Log& log_;
  std::vector<protocol::SettingAdjustment> adjusted_;
};

}  // namespace quay::document_camera
