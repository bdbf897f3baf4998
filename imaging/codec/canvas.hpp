// SPDX-License-Identifier: Apache-2.0
// What a reader will see of a layered page: the same painting that the PDF describes, done on pixels.
#pragma once

#include "base/image.hpp"
#include "imaging/layers/layers.hpp"

namespace quay::imaging {

class Canvas {
 public:
  /// A white page.
  explicit Canvas(PixelSize size, Dpi dpi);

  /// `picture`, gray or rgb, stretched over the box.
  void paint(const Box& box, const ImageView& picture);

  /// The same where `mask`, of the box's size, is 1.
  void paint(const Box& box, const ImageView& picture, const Bitmap& mask);

  /// `mask` in one colour, its pixel (0, 0) at the page's.
  void paint(const Bitmap& mask, const Rgb& colour);

  Image take() { return std::move(image_); }

 private:
  Image image_;
};

}  // namespace quay::imaging
