// SPDX-License-Identifier: Apache-2.0
// The sides of a roughly known quad measured in the full picture, to a fraction of a pixel.
#pragma once

#include <optional>

#include "base/image.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging {

/// How far inwards from `place`, at most `reach` pixels either way, the picture's light rises most; nothing when it
/// hardly does. Inwards: of length 1. Image: rgb.
std::optional<double> edge_at(const ImageView& image, Point place, Point inwards, int reach);

/// Moves each side to the edge that lies within `reach` pixels of it; a side whose edge is not clear stays.
/// Image: rgb.
Quad fit_edges(const ImageView& image, const Quad& rough, double reach);

}  // namespace quay::imaging
