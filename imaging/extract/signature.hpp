// SPDX-License-Identifier: Apache-2.0
// A signature by itself: black strokes on white, cut to what was written. Blue ink goes before all other, so that a
// signature on a printed form is found too; red ink is a seal and never part of it.
#pragma once

#include "base/image.hpp"
#include "base/result.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

/// Gray, at true size, with 2 mm of white around the strokes.
/// Errors: signature_not_found when nothing written has the size of one; as clean().
Result<CleanPage> make_signature(const ImageView& image, const CleanSettings& settings);

}  // namespace quay::imaging
