// SPDX-License-Identifier: Apache-2.0
#include "settings/suggest.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace quay::settings {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Three rows of the classic table: two back (for a swap), one back, and the one being filled.
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, substitution});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::optional<std::string_view> nearest_word(std::string_view typed, std::span<const std::string_view> known) {
  std::optional<std::string_view> nearest;
  std::size_t least = 0;
  for (const std::string_view word : known) {
    const std::size_t distance = edit_distance(typed, word);
    const bool near_enough = 3 * distance <= std::max(word.size(), typed.size());
    if (near_enough && (!nearest || distance < least)) {
      nearest = word;
      least = distance;
    }
  }
  return nearest;
}

}  // namespace quay::settings
