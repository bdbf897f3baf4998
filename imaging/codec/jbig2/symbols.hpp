// SPDX-License-Identifier: Apache-2.0
// Which marks of a page resemble which: the plan by which a text region is coded. Resemblance decides about size only,
// never about pixels.
#pragma once

#include <cstdint>
#include <vector>

#include "imaging/bitmap.hpp"
#include "imaging/codec/jbig2/regions.hpp"

namespace quay::imaging::jbig2 {

/// One mark on the page.
struct Mark {
  Bitmap bitmap;
  std::int32_t left = 0;
  std::int32_t bottom = 0;   ///< its lowest row
  std::uint32_t symbol = 0;  ///< the exemplar it is coded from
  bool exact = false;        ///< it is the exemplar, pixel for pixel
  Offset offset;             ///< of the exemplar under the mark; unused when exact
};

/// What marks are made from. Coded by itself, or as a refinement of an earlier symbol.
struct Symbol {
  Bitmap bitmap;
  std::int32_t parent = -1;  ///< an earlier symbol, or -1
  Offset offset;             ///< of the parent under this symbol
};

/// Symbols and the marks made from them, and what is left for a generic region. Symbols without a parent come first,
/// either kind sorted by height, then width.
struct SymbolPlan {
  std::vector<Symbol> symbols;
  std::vector<Mark> marks;
  Bitmap rest;
  bool rest_is_blank = true;
};

SymbolPlan plan_symbols(const Bitmap& mask);

}  // namespace quay::imaging::jbig2
