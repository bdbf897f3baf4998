// SPDX-License-Identifier: Apache-2.0
// Who wants to see what a page looks like between the steps hands in a Witness. Without one no picture is made for it.
// What is seen is borrowed for the call; nothing here writes files.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/image.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging {

/// What can be seen of a page, in order. The numbers are part of file names.
enum class Stage : std::uint8_t {
  input = 1,     ///< as it came; of several papers on one glass, this paper
  sheet,         ///< reduced, the found sheet outlined in red
  upright,       ///< its light, flat and at the resolution that the way up is read at
  geometry,      ///< turned, cut and scaled, colours untouched
  paper,         ///< the colour that the paper was found to have at each place, reduced
  illumination,  ///< the page with its paper made white
  removed,       ///< black where holes, specks and edges of the bed were painted over
  clean,         ///< the cleaned page
  mask,          ///< all its ink
  ground,        ///< what its paper is printed with
  picture,       ///< each photo or shaded area
  ink,           ///< each ink in its colour
  stamp,         ///< each stamp that keeps its shades
  result,        ///< what a reader of the output sees
};

/// As it stands in file names.
std::string_view stage_name(Stage stage);

/// One picture of a page under way.
struct Glimpse {
  Stage stage;
  ImageView picture;        ///< any format; borrowed for the call
  std::size_t ordinal = 0;  ///< from 1 where a stage has several pictures
  std::size_t part = 0;     ///< of several papers on one glass, which
};

/// Empty: nobody looks.
using Witness = std::function<void(const Glimpse&)>;

/// `small`, a gray or rgb picture reduced by `factor`, with `sheet` (in pixels of the full picture) outlined in red.
Image outlined(const ImageView& small, std::int32_t factor, const Quad& sheet);

/// Black where two images of one size and format differ, bitonal.
Image difference(const Image& before, const Image& after);

}  // namespace quay::imaging
