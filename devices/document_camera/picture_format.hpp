// SPDX-License-Identifier: Apache-2.0
// Which pictures a camera offers, and in which order quay wants them. The ladders are pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/units.hpp"
#include "devices/document_camera/video_node.hpp"

namespace quay::document_camera {

/// What quay can make a page of. Others (H.264, NV12) are left alone.
enum class Coding : std::uint8_t {
  mjpg,  ///< V4L2_PIX_FMT_MJPEG, V4L2_PIX_FMT_JPEG
  yuyv,  ///< V4L2_PIX_FMT_YUYV
};

struct PictureFormat {
  std::uint32_t fourcc = 0;
  Coding coding = Coding::mjpg;
  PixelSize size;

  bool operator==(const PictureFormat&) const = default;
};

/// "1920x1080", as front ends say it.
std::string spelled(PixelSize size);

/// Each size once, in the order of `formats`.
std::vector<std::string> sizes_in(const std::vector<PictureFormat>& formats);

/// All that the camera offers and quay can use. Errors: device_unsupported when there is none; device_absent,
/// device_io.
Result<std::vector<PictureFormat>> formats_of(const VideoNode& node);

/// For a page: the largest first, and of one size MJPG first, which needs a tenth of the bandwidth.
std::vector<PictureFormat> still_ladder(std::vector<PictureFormat> formats);

/// For a live view: MJPG first, of at least `width` if there is one, the smallest of those; then the others by their
/// distance from that.
std::vector<PictureFormat> live_ladder(std::vector<PictureFormat> formats, std::int32_t width);

}  // namespace quay::document_camera
