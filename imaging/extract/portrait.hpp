// SPDX-License-Identifier: Apache-2.0
// A portrait for a paper: the person of a photo, or of a print on the glass, cut to 3 x 4 or 4 x 6 cm with the head
// where it belongs, at 300 dpi or finer and never enlarged. What will not do is refused with the reason.
#pragma once

#include "base/image.hpp"
#include "base/result.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

inline constexpr Dpi kPortraitDpi{300};  ///< the least that printers and portals take: 354 x 472, 472 x 709 pixels

/// print: of the portrait, upright. Colours are left as they are. Flags: "head-turned", "head-tilted"; "turned-90" and
/// so on when the picture lay. Errors: portrait_no_face, portrait_several_faces, portrait_ground (neither plain white
/// nor plain blue, or the picture ends too near the head), portrait_too_small, portrait_blurred,
/// portrait_exposure; as clean().
Result<CleanPage> make_portrait(const ImageView& image, const CleanSettings& settings, const PaperSize& print);

}  // namespace quay::imaging
