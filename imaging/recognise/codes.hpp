// SPDX-License-Identifier: Apache-2.0
// Barcodes on a page, above all the small dense QR code of the citizen ID card. Two decoders, one after the other:
// zxing-cpp, then zbar, because each reads what the other misses. What a code says is personal data: it goes into the
// result and nowhere else, no log and no error text.
#pragma once

#include <vector>

#include "base/image.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

/// Every code on the picture, in reading order, each once. Image: any format; its dpi says how large a code can be.
/// Notes: only places that are as dense as a code are decoded; a page without any costs about 10 ms at A4, 300 dpi.
/// A module needs about 2 pixels: an 11 mm QR code of 61 modules is read at 400 dpi, not at 200.
std::vector<Code> read_codes(const ImageView& image);

}  // namespace quay::imaging
