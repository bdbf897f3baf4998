// SPDX-License-Identifier: Apache-2.0
// A head seen against the wall behind it: the person's outline, the crown of the head, and whether the ground will do.
// Works on a small cut of the picture in which every face is equally large.
#pragma once

#include <optional>
#include <string>

#include "base/image.hpp"
#include "imaging/geometry.hpp"
#include "imaging/recognise/faces.hpp"

namespace quay::imaging {

/// The picture around a face, the face's square kSide pixels wide, and which of its pixels the picture really has.
struct HeadView {
  static constexpr double kSide = 100;
  static constexpr PixelSize kSize{440, 460};
  static constexpr Point kMiddle{220, 220};  ///< of the face

  Image pixels;          ///< rgb or gray
  Transform to_picture;  ///< pixel centres onto pixel centres
  Quad photo{};          ///< what of the picture is the photo, in pixels of this view
};

/// image: gray or rgb. photo: its corners in the picture. degrees: how far clockwise the photo is turned.
HeadView look_at_head(const ImageView& image, const Face& face, const Quad& photo, double degrees);

/// What is behind the person.
struct Ground {
  std::optional<double> crown_y;  ///< of the head, hair included, in pixels of the view; nothing: no plain ground above
  bool head_cut = false;          ///< the photo ends before the head does
  std::string fault;              ///< why the ground will not do; empty: it is plain, and white or blue
};

Ground look_behind(const HeadView& view);

}  // namespace quay::imaging
