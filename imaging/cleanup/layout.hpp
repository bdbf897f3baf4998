// SPDX-License-Identifier: Apache-2.0
// Where the page lies in the picture and what it becomes: resolution, cut, size. Geometry only, no page is drawn here.
#pragma once

#include "base/image.hpp"
#include "imaging/geometry.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

inline constexpr std::int32_t kSmall = 8;  ///< reduction on which paper and sheet are looked for

/// Dots per inch of the picture, which need not be the same along both sides (fax).
struct Resolution {
  Dpi across, down;
  bool assumed = false;

  /// Dots per inch along y over those along x.
  double stretch() const { return down.value / across.value; }
};

/// As the picture says; else as its size suggests: a fax line (ITU-T T.4), a scanner's whole bed, `settings`.
Resolution resolution_of(const ImageView& image, const CleanSettings& settings);

/// The cut: from input to output pixels.
struct Layout {
  Transform to_output;
  PixelSize size;
  Dpi dpi;
  bool sheet_found = false;
};

/// The picture left where it is.
Layout untouched(const ImageView& image, const Resolution& in);

/// The sheet, or the whole picture, turned upright by -angle_deg. Small: the picture reduced by kSmall.
Layout lay_out_scan(const ImageView& image, const ImageView& small, const Resolution& in, const CleanSettings& settings,
                    double angle_deg);

/// The sheet that a camera saw at `quad`, flat. Its true size is a guess from its proportions.
Layout lay_out_photo(const Quad& quad, PixelSize picture, const CleanSettings& settings);

/// The same page with its output turned clockwise by a multiple of 90 degrees.
Layout turned(const Layout& layout, std::int32_t degrees);

/// Corners of the output in input pixels.
Quad corners(const Layout& layout);

}  // namespace quay::imaging
