// SPDX-License-Identifier: Apache-2.0
// ID cards (ISO/IEC 7810 ID-1) on a scanner's glass or before a camera: found at any angle, cut out upright at their
// true size, and put together on one A4 page in the order they lie in, the upper one first.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/image.hpp"
#include "base/result.hpp"
#include "imaging/detect/papers.hpp"
#include "imaging/geometry.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

inline constexpr PaperSize kIdCard{{85.60}, {53.98}};  ///< ISO/IEC 7810:2019, table 1
inline constexpr double kIdCardCornerMm = 3.18;        ///< radius of its corners

/// Corners of those papers that have a card's size, the first side of each a long one.
std::vector<Quad> cards_among(const Papers& papers);

/// One A4 page with the first two cards at true size, white beside them: both of one picture, or the first one of each
/// of two pictures, front and back. The page's transform and quad are those of the first card; `codes` and `quality`
/// are of all pictures, in pixels of the picture that shows them. Errors: card_not_found, also when one of the pictures
/// has none; image_unreadable, image_too_large as clean() says.
Result<CleanPage> make_card_sheet(std::span<const ImageView> pictures, const CleanSettings& settings);

/// How many cards make_card_sheet() would take from the picture: 0 to 2. Errors: as clean().
Result<std::size_t> count_cards(const ImageView& image, const CleanSettings& settings);

}  // namespace quay::imaging
