// SPDX-License-Identifier: Apache-2.0
// The sides of a roughly known quad measured in the full picture, to a fraction of a pixel.
#pragma once

#include "base/image.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging {

/// Moves each side to the edge that lies within `reach` pixels of it; a side whose edge is not clear stays.
/// Image: rgb.
Quad fit_edges(const ImageView& image, const Quad& rough, double reach);

}  // namespace quay::imaging
