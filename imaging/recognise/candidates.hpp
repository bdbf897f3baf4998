// SPDX-License-Identifier: Apache-2.0
// Where a code may be: places as full of dark-light steps as only codes are. Cheap, so that decoders need not search
// the whole page; it may name places that hold no code, and should miss none.
#pragma once

#include <vector>

#include "base/image.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

inline PixelSize size_of(const PixelBox& box) { return {box.right - box.left, box.bottom - box.top}; }

/// A place with its quiet zone, inside the picture.
struct Candidate {
  PixelBox box;
  std::int32_t scale = 1;  ///< the finest reduction at which it is as dense as a code: modules are at least so large
};

/// The densest first. Image: gray.
std::vector<Candidate> code_candidates(const ImageView& gray);

}  // namespace quay::imaging
