// SPDX-License-Identifier: Apache-2.0
#include "identity/match.hpp"

#include <algorithm>

#include "identity/name.hpp"

namespace quay::identity {
namespace {

template <class T>
Match same(const T& left, const T& right, bool both_said) {
  if (!both_said) {
    return Match::unknown;
  }
  return left == right ? Match::agrees : Match::differs;
}

Match same_date(const std::optional<Date>& left, const std::optional<Date>& right) {
  return same(left, right, left && right);
}

Match same_name(const Facts& left, const Facts& right) {
  std::string one = fold_name(left.name);
  std::string other = fold_name(right.name);
  const bool both_said = !one.empty() && !other.empty();
  if (!left.name_is_whole || !right.name_is_whole) {
    const std::size_t shorter = std::min(one.size(), other.size());
    one.resize(shorter);
    other.resize(shorter);
  }
  return same(one, other, both_said);
}

}  // namespace

Matches compare(const Facts& left, const Facts& right) {
  return {same(left.number, right.number, !left.number.empty() && !right.number.empty()), same_name(left, right),
          same_date(left.birth, right.birth), same_date(left.expiry, right.expiry)};
}

}  // namespace quay::identity
