// SPDX-License-Identifier: Apache-2.0
// ID cards (ISO/IEC 7810 ID-1) on a scanner's glass: found, cut out straight at their true size, and put together on
// one A4 page, front above back. Which way up a card lies is left as it is found, at most turned to lie lengthwise.
#pragma once

#include <span>
#include <vector>

#include "base/image.hpp"
#include "base/result.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging {

inline constexpr PaperSize kIdCard{{85.60}, {53.98}};  ///< ISO/IEC 7810:2019, table 1
inline constexpr double kIdCardCornerMm = 3.18;        ///< radius of its corners

/// Corners of every ID-1 card on the picture, top ones first; the first side of each is a long one. Cards lie at any
/// angle on a bed of one colour, do not touch, and are seen straight from above. Image: any format; dpi must be known.
std::vector<Quad> find_cards(const ImageView& image);

/// The card at `quad`, cut to kIdCard at `dpi` (never finer than the picture), white beyond its rounded corners.
Image cut_card(const ImageView& image, const Quad& quad, Dpi dpi);

/// One A4 page with one or two cards at true size. Cards: rgb, of cut_card, of one resolution.
/// Errors: card_not_found without any.
Result<Image> card_sheet(std::span<const Image> cards);

}  // namespace quay::imaging
