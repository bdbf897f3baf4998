// SPDX-License-Identifier: Apache-2.0
// Coloured ink that one colour cannot stand for: seals pressed unevenly, shaded print. Such ink keeps its pixels' own
// colours under an exact outline. Pen strokes are too thin to show a shade: one colour does for each pen.
#pragma once

#include <vector>

#include "imaging/layers/colours.hpp"
#include "imaging/layers/pictures.hpp"

namespace quay::imaging {

/// Ink of one hue inside `box`; `mask` has the box's size.
struct Stamp {
  Box box;
  Bitmap mask;
};

/// Takes such ink out of the coloured `inks`; where the same hue was written in clearly different colours, one ink
/// becomes several. Image: rgb; of a gray page nothing is taken.
std::vector<Stamp> take_stamps(const ImageView& page, std::vector<Ink>& inks);

/// Colours under a stamp's mask at a resolution of at most `dpi`, carried on smoothly where there is no ink.
Image stamp_colours(const ImageView& page, const Stamp& stamp, Dpi dpi);

/// The stamp as ink of one colour, its mean, with a mask of the page's size.
Ink flat_stamp(const ImageView& page, const Stamp& stamp);

}  // namespace quay::imaging
