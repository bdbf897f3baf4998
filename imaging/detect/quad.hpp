// SPDX-License-Identifier: Apache-2.0
// The four corners of a sheet that a camera saw lying on something else.
#pragma once

#include <optional>

#include "base/image.hpp"
#include "imaging/bend.hpp"

namespace quay::imaging {

/// A sheet's corners, and how it bulges between them when it does not lie flat.
struct Outline {
  Quad quad;
  std::optional<Bend> bend;
};

/// Looks for a sheet brighter than what it lies on, turned by up to 30 degrees and seen from an angle. Nothing when no
/// four edges enclose one; they may bulge by a few hundredths of their length. Pixel corners, not pixel centres, are at
/// the ends: a sheet that fills the picture has its first corner at (-0.5, -0.5).
/// Image: rgb, any size.
std::optional<Outline> find_outline(const ImageView& image);

/// The same, its corners alone.
std::optional<Quad> find_quad(const ImageView& image);

}  // namespace quay::imaging
