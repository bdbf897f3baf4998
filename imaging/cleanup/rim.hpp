// SPDX-License-Identifier: Apache-2.0
// What is left of the scanner's bed along the edges of a cut page: narrow, solid, colourless bands from the edge
// inward. Print that touches such a band stays; so does everything that reaches deeper, or has a hue.
#pragma once

#include "base/image.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging {

/// Paints such bands of a whitened gray or rgb page white. to_input, input: where the page's pixels came from; beyond
/// the input it is white already.
void remove_rims(Image& page, const Transform& to_input, PixelSize input);

/// Whitens the outermost pixels of a sheet cut from a camera's picture: half of each belongs to what it lay on.
void trim_rim(Image& page);

}  // namespace quay::imaging
