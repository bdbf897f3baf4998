// SPDX-License-Identifier: Apache-2.0
// The one resampling of a page: turn, cut, scale and even out the paper in a single pass from input to output pixels.
#pragma once

#include "base/image.hpp"
#include "imaging/bend.hpp"
#include "imaging/cleanup/paper.hpp"

namespace quay::imaging {

struct RenderPlan {
  Mapping to_input;                 ///< output px -> input px
  PixelSize size;                   ///< of the output
  Dpi dpi;                          ///< of the output
  const PaperMap* paper = nullptr;  ///< made white when given; borrowed
  bool keep_pale = false;           ///< but not what is printed on it in pale colours
};

/// Image: gray or rgb in, the same format out; white where there is no input.
/// Notes: bilinear; where the output is coarser than the input by 1.5 or more, reduce() first.
Image render(const ImageView& image, const RenderPlan& plan);

}  // namespace quay::imaging
