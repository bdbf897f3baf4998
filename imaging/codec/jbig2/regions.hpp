// SPDX-License-Identifier: Apache-2.0
// Pixels into arithmetic-coded decisions: generic regions (T.88 section 6.2, templates 0 to 2) and refinements of one
// bitmap by another (section 6.3, templates 0 and 1). Templates of fewer pixels learn sooner, those of more know more
// in the end: little to code wants a small one. Adaptive pixels lie where they told most on masks of real pages
// (docs/decisions/0029): nominally they are the row's next neighbours, which the fixed ones all but foretell.
#pragma once

#include <array>
#include <vector>

#include "imaging/bitmap.hpp"
#include "imaging/codec/jbig2/arithmetic.hpp"

namespace quay::imaging::jbig2 {

/// A place, as seen from another: of a pixel from the one that is coded, or of a reference's pixel (0, 0).
struct Offset {
  std::int32_t dx = 0;
  std::int32_t dy = 0;
  bool operator==(const Offset&) const = default;
};

/// Adaptive pixels A1 to A4 of a generic template, in a row above, at most 63 to either side. Templates 1 and 2 have A1
/// alone.
using AdaptivePixels = std::array<Offset, 4>;

/// For what is no glyph: rules, dotted lines, frames and seals. Six rows up is the far edge of a rule at 300 dpi; said
/// twice because a template of a pixel less learns sooner.
inline constexpr AdaptivePixels kForDrawings{{{1, -6}, {1, -6}, {3, -3}, {-2, -2}}};
/// For glyphs: four rows up is the far edge of a stroke.
inline constexpr AdaptivePixels kForGlyphs{{{-1, -4}, {1, -4}, {2, -2}, {-2, -2}}};
/// The adaptive pixel of the reference in refinement template 0; that of the bitmap is at its nominal place (-1, -1).
inline constexpr Offset kRefinementPixel{0, -2};

/// Codes whole bitmaps, sharing what was learnt from one to the next as a symbol dictionary does.
class GenericCoder {
 public:
  static constexpr int kTemplates = 3;
  /// `number`: of the template, below kTemplates.
  GenericCoder(int number, const AdaptivePixels& adaptive);

  /// `typical`: rows equal to the row above take one decision (TPGDON).
  void encode(ArithmeticEncoder& coder, const Bitmap& bitmap, bool typical);

 private:
  template <class Template>
  void encode_row(ArithmeticEncoder& coder, const Bitmap& bitmap, std::int32_t y);

  const std::uint64_t* row_of(const Bitmap& bitmap, std::int32_t y) const;

  int number_;
  AdaptivePixels adaptive_;
  std::vector<Context> contexts_;
  std::vector<std::uint64_t> blank_;
};

/// Codes bitmaps as differences from similar ones.
class RefinementCoder {
 public:
  static constexpr int kTemplates = 2;
  /// `number`: of the template, below kTemplates.
  explicit RefinementCoder(int number = 0) : number_(number), contexts_(std::size_t{1} << (number == 0 ? 13 : 10)) {}

  /// `offset`: where the reference's pixel (0, 0) is in the bitmap.
  void encode(ArithmeticEncoder& coder, const Bitmap& bitmap, const Bitmap& reference, Offset offset);

 private:
  int number_;
  std::vector<Context> contexts_;
  std::vector<std::uint8_t> target_;     ///< a byte a pixel, with a margin
  std::vector<std::uint8_t> reference_;  ///< the same, laid under the target
};

}  // namespace quay::imaging::jbig2
