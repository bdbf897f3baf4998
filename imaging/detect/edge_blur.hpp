// SPDX-License-Identifier: Apache-2.0
// How sharp a small picture of a sheet is, by the sheet's own edges: they are there whatever is written on it, and too
// few pixels for letters are enough for them.
#pragma once

#include "base/image.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging {

/// Pixels in which the light goes from a tenth to nine tenths of the step at the sheet's edge: of the sharper places of
/// the blurrier direction, so that a picture that was moved along one side shows as well. 0: no clear edge.
/// Image: gray.
double edge_blur_px(const ImageView& gray, const Quad& sheet);

}  // namespace quay::imaging
