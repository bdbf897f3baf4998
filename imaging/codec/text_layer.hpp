// SPDX-License-Identifier: Apache-2.0
// The words of a page as invisible text over its picture (ISO 32000-1, 9.3.6 render mode 3): found by search, copied
// by hand, drawn by nobody. The font has no outlines, only widths; what each code means stands in its ToUnicode map.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "imaging/codec/pdf.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

/// Adds `text` to a page of ours; PDF/A-2b stays PDF/A-2b. Words with bytes that are not UTF-8 are left out.
/// Errors: image_unsupported when the page already has a text layer or is not one of ours.
Status add_text_layer(PdfPage& page, const TextLayer& text);

/// The same for an encoded page: a single-page PDF of ours. Its layers then name the text too.
/// Errors: as above; image_unreadable when its bytes are damaged.
Status add_text_layer(EncodedPage& page, const TextLayer& text);

/// A TrueType font (ISO/IEC 14496-22) of one empty glyph, half an em wide.
std::vector<std::uint8_t> glyphless_font();

}  // namespace quay::imaging
