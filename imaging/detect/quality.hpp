// SPDX-License-Identifier: Apache-2.0
// Is the picture good enough, or must the clerk take it again? Looks at the picture as it came in. Sentences for the
// codes are not kept here: imaging knows no language.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/image.hpp"
#include "imaging/bend.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

/// What is known of a page when its quality is judged.
struct QualityFacts {
  ImageView picture;           ///< gray or rgb, as it came in
  ImageView small;             ///< the same reduced by kQualityFactor
  Dpi dpi;                     ///< of the paper: for a photo, pixels of the sheet for each inch
  std::optional<Quad> sheet;   ///< as a camera saw it; nothing for a scan
  const Bend* bend = nullptr;  ///< of that sheet, when it does not lie flat; borrowed
  bool blank = false;
  double letters_px = 0;   ///< height of the letters in the picture; 0: not known. Only of a photo
  bool skew_left = false;  ///< something is written, but no angle was found, or it was not to be turned
};

inline constexpr std::int32_t kQualityFactor = 8;
inline constexpr Dpi kLowestDpi{145};  ///< less is reported, unless a photo's letters are large enough all the same

/// Every code that judge_quality() may give.
std::span<const std::string_view> quality_codes();

/// Everything that is wrong, worst first. Nothing for a good page.
std::vector<QualityIssue> judge_quality(const QualityFacts& facts);

}  // namespace quay::imaging
