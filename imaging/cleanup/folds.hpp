// SPDX-License-Identifier: Apache-2.0
// A fold casts a soft grey valley from edge to edge of the sheet, through both margins. It is divided out, so that what
// is written in it stays. A line is narrower, print and tables end before the edge, and ruled paper has many.
#pragma once

#include <cstddef>

#include "base/image.hpp"

namespace quay::imaging {

/// Evens out folds, along and across, that are left on a whitened gray or rgb page. How many they were.
std::size_t even_folds(Image& page);

}  // namespace quay::imaging
