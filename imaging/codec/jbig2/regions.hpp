// SPDX-License-Identifier: Apache-2.0
// Pixels into arithmetic-coded decisions: generic regions (T.88 section 6.2, templates 0 to 2) and refinements of one
// bitmap by another (section 6.3, templates 0 and 1), both with the adaptive pixels at their nominal places. Templates
// of fewer pixels learn sooner, those of more know more in the end: little to code wants a small one.
#pragma once

#include <vector>

#include "imaging/bitmap.hpp"
#include "imaging/codec/jbig2/arithmetic.hpp"

namespace quay::imaging::jbig2 {

/// Codes whole bitmaps, sharing what was learnt from one to the next as a symbol dictionary does.
class GenericCoder {
 public:
  static constexpr int kTemplates = 3;
  /// `number`: of the template, below kTemplates.
  explicit GenericCoder(int number = 0);

  /// `typical`: rows equal to the row above take one decision (TPGDON).
  void encode(ArithmeticEncoder& coder, const Bitmap& bitmap, bool typical);

 private:
  template <class Template>
  void encode_row(ArithmeticEncoder& coder, const Bitmap& bitmap, std::int32_t y);

  int number_;
  std::vector<Context> contexts_;
  std::vector<std::uint64_t> blank_;
};

/// Where the reference lies: its pixel (0, 0) is at (dx, dy) of the bitmap that is coded.
struct Offset {
  std::int32_t dx = 0;
  std::int32_t dy = 0;
  bool operator==(const Offset&) const = default;
};

/// Codes bitmaps as differences from similar ones.
class RefinementCoder {
 public:
  static constexpr int kTemplates = 2;
  /// `number`: of the template, below kTemplates.
  explicit RefinementCoder(int number = 0) : number_(number), contexts_(std::size_t{1} << (number == 0 ? 13 : 10)) {}

  void encode(ArithmeticEncoder& coder, const Bitmap& bitmap, const Bitmap& reference, Offset offset);

 private:
  int number_;
  std::vector<Context> contexts_;
  std::vector<std::uint8_t> target_;     ///< a byte a pixel, with a margin
  std::vector<std::uint8_t> reference_;  ///< the same, laid under the target
};

}  // namespace quay::imaging::jbig2
