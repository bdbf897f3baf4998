// SPDX-License-Identifier: Apache-2.0
// A whitened page taken apart: its ink by colour, and the boxes that are better kept as pictures. Everything else is
// white.
#pragma once

#include <vector>

#include "imaging/layers/colours.hpp"
#include "imaging/layers/pictures.hpp"
#include "imaging/layers/stamps.hpp"

namespace quay::imaging {

struct Layers {
  std::vector<Ink> inks;          ///< black first; none inside a picture
  std::vector<Stamp> stamps;      ///< share no pixel with the inks
  std::vector<Picture> pictures;  ///< do not overlap
  Image ground;                   ///< what the paper itself is printed with; empty where that is nothing
};

/// Image: gray or rgb, whitened. `patterned`: as CleanPage has it.
Layers take_apart(const ImageView& page, bool patterned);

/// The smallest box that holds all ink of `mask`; empty when there is none.
Box ink_box(const Bitmap& mask);

}  // namespace quay::imaging
