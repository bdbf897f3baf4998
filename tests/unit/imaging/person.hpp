// SPDX-License-Identifier: Apache-2.0
// A drawn person, head and shoulders: nobody's face, but one that a detector of faces takes for one.
#pragma once

#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging::testing {

/// Where the head is and how it is lit. The head, crown to chin, is 0.5 `head_px` above and below `middle`.
struct Person {
  Point middle;
  double head_px = 0;
  double light = 1;       ///< of everything but the ground
  double left_light = 1;  ///< of the face's left half as seen, besides
  double soft_px = 1;     ///< width of edges
  double degrees = 0;     ///< clockwise lean
};

void draw_person(Image& picture, const Person& person);

}  // namespace quay::imaging::testing
