// SPDX-License-Identifier: Apache-2.0
// Symbol dictionary (T.88 section 6.5) and text region with refinement (section 6.4): the data parts of their segments.
#pragma once

#include <cstdint>
#include <vector>

#include "imaging/codec/jbig2/symbols.hpp"

namespace quay::imaging::jbig2 {

/// Symbols [first, last), which have no parent, each coded by itself.
std::vector<std::uint8_t> encode_dictionary(const std::vector<Symbol>& symbols, std::size_t first, std::size_t last);

/// All symbols from `first` on, which have a parent, as refinements. The dictionary refers to the one that holds the
/// symbols before, and exports those too.
std::vector<std::uint8_t> encode_refined_dictionary(const std::vector<Symbol>& symbols, std::size_t first);

/// All marks, in strips of one row, reference corner bottom left.
std::vector<std::uint8_t> encode_marks(const SymbolPlan& plan);

}  // namespace quay::imaging::jbig2
