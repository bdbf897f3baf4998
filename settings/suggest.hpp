// SPDX-License-Identifier: Apache-2.0
// "Did you mean": the known word nearest to one that was mistyped.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace quay::settings {

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b` (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The word of `known` that is nearest to `typed`, when it is near enough (a third of its length) to be meant.
std::optional<std::string_view> nearest_word(std::string_view typed, std::span<const std::string_view> known);

}  // namespace quay::settings
