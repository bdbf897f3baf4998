// SPDX-License-Identifier: Apache-2.0
// Symbol dictionary (T.88 section 6.5) and text region with refinement (section 6.4): the data parts of their segments.
#pragma once

#include <cstdint>
#include <vector>

#include "imaging/codec/jbig2/symbols.hpp"

namespace quay::imaging::jbig2 {

/// Symbols [first, last), which have no parent, each coded by itself with GenericCoder template `number`.
std::vector<std::uint8_t> encode_dictionary(const std::vector<Symbol>& symbols, std::size_t first, std::size_t last,
                                            int number);

/// All symbols from `first` on, which have a parent, as refinements (template `number`). The dictionary refers to the
/// one that holds the symbols before, and exports those too.
std::vector<std::uint8_t> encode_refined_dictionary(const std::vector<Symbol>& symbols, std::size_t first, int number);

/// How a text region is coded.
struct TextCoding {
  int refinement = 0;    ///< template
  int strip_height = 0;  ///< rows of a strip, as a power of two, 0..3
};

/// All marks, reference corner bottom left.
std::vector<std::uint8_t> encode_marks(const SymbolPlan& plan, const TextCoding& coding);

/// The strip height that places the marks in the fewest bytes, as a power of two.
int best_strip_height(const SymbolPlan& plan);

}  // namespace quay::imaging::jbig2
