// SPDX-License-Identifier: Apache-2.0
// What optics and electronics of a scanner do between the paper and the wire: another resolution, a window of the
// glass, fewer colours.
#pragma once

#include "base/image.hpp"

namespace quay::rig {

/// A rectangle in pixels of an image, edges included as fractions.
struct PixelBox {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
};

/// `box` of `image` drawn at `size` with a triangle filter (averages when shrinking, bilinear when growing, exact at
/// scale 1). Image: gray or rgb; the result carries `dpi`. `box` must lie within the image.
Image resample(const ImageView& image, const PixelBox& box, PixelSize size, Dpi dpi);

/// ITU-R BT.601 luma. Image: gray or rgb in, gray out.
Image to_gray(const ImageView& image);

/// 1 bit a pixel, 1 = black where the gray value is below `threshold`. Image: gray in, bitonal out.
Image to_bitonal(const ImageView& image, std::uint8_t threshold = 128);

/// Gray as rgb. Image: gray or rgb in, rgb out.
Image to_rgb(const ImageView& image);

}  // namespace quay::rig
