// SPDX-License-Identifier: Apache-2.0
// What a frame looks like, as far as the choice of the best one needs it, and YUYV as pixels and as JPEG. Input is
// untrusted: a frame that libjpeg does not like is an error.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/image.hpp"
#include "base/result.hpp"

namespace quay::document_camera {

/// Packed YUYV (V4L2_PIX_FMT_YUYV: Y0 Cb Y1 Cr, ITU-R BT.601, limited range), borrowed; rows are `row_bytes` apart.
struct YuyvView {
  std::span<const std::uint8_t> bytes;
  PixelSize size;
  std::size_t row_bytes = 0;

  bool is_whole() const {
    return size.width > 0 && size.height > 0 && row_bytes >= static_cast<std::size_t>(size.width) * 2 &&
           bytes.size() >= row_bytes * static_cast<std::size_t>(size.height);
  }
};

/// The frame's light, smaller: every `reduce`-th pixel of each side; 1, 2, 4 or 8. Errors: image_unreadable.
Result<Image> gray_of_jpeg(std::span<const std::uint8_t> jpeg, int reduce);
/// `frame` must be whole.
Image gray_of_yuyv(const YuyvView& frame, int reduce);

/// `frame` must be whole.
Image rgb_of_yuyv(const YuyvView& frame);

/// Errors: image_encode_failed.
Result<std::vector<std::uint8_t>> jpeg_of_gray_or_rgb(const ImageView& image, int quality);

/// What is compared between frames of the same scene.
struct Look {
  double light = 0;      ///< mean, 0 to 255
  double sharpness = 0;  ///< mean square of the steps between pixels two apart, for each unit of light; no unit
};
Look look_of(const ImageView& gray);

}  // namespace quay::document_camera
