// SPDX-License-Identifier: Apache-2.0
// Pixels into arithmetic-coded decisions: generic regions (T.88 section 6.2, template 0) and refinements of one bitmap
// by another (section 6.3, template 0), both with the adaptive pixels at their nominal places.
#pragma once

#include <vector>

#include "imaging/bitmap.hpp"
#include "imaging/codec/jbig2/arithmetic.hpp"

namespace quay::imaging::jbig2 {

/// Codes whole bitmaps, sharing what was learnt from one to the next as a symbol dictionary does.
class GenericCoder {
 public:
  /// `typical`: rows equal to the row above take one decision (TPGDON).
  void encode(ArithmeticEncoder& coder, const Bitmap& bitmap, bool typical);

 private:
  void encode_row(ArithmeticEncoder& coder, const Bitmap& bitmap, std::int32_t y);

  std::vector<Context> contexts_ = std::vector<Context>(std::size_t{1} << 16);
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
  void encode(ArithmeticEncoder& coder, const Bitmap& bitmap, const Bitmap& reference, Offset offset);

 private:
  std::vector<Context> contexts_ = std::vector<Context>(std::size_t{1} << 13);
  std::vector<std::uint8_t> target_;     ///< a byte a pixel, with a margin
  std::vector<std::uint8_t> reference_;  ///< the same, laid under the target
};

}  // namespace quay::imaging::jbig2
