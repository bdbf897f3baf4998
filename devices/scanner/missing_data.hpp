// SPDX-License-Identifier: Apache-2.0
// Notices a page whose end never arrived although every byte of it is there. Network scanners send JPEG; libjpeg,
// inside sane-airscan, fills what a cut file lacks with exact middle grey and says nothing that SANE would pass on.
#pragma once

#include "base/image.hpp"

namespace quay::scanner {

/// Rows at the bottom that are decoder filling: samples of exactly 128, beside them only the white (255) with which
/// sane-airscan pads to the size asked for; white rows below are not counted. 0 for a bitonal page.
/// Notes: 1. A sensor's noise keeps real paper, lids and grey cards from this. 2. A cut JPEG shows at least one row of
/// blocks: 8 rows, 16 with subsampled colour.
std::int32_t filled_rows_at_end(const ImageView& page);

/// From this many on the page counts as cut short.
inline constexpr std::int32_t kFilledRowsOfACutPage = 8;

}  // namespace quay::scanner
