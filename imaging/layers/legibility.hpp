// SPDX-License-Identifier: Apache-2.0
// How well a page can be read, in numbers: what a smaller rendition must not lose.
#pragma once

#include <string>
#include <vector>

#include "base/image.hpp"
#include "imaging/bitmap.hpp"

namespace quay::imaging {

/// Height of the letters without ascenders that most of the page is printed in, pixels; 0 when it is no text.
double x_height(const Bitmap& mask);

/// How far strokes stand out from the paper right beside them and its noise, 0..1; 0 without strokes. `strokes`: of the
/// view's size. Image: gray or rgb.
double stroke_contrast(const ImageView& page, const Bitmap& strokes);

/// Letters lower than this are hard to read, for people as for programs.
inline constexpr double kLeastXHeight = 9;

/// Share of the contrast that must be left.
inline constexpr double kLeastContrast = 0.7;

}  // namespace quay::imaging
