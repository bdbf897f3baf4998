// SPDX-License-Identifier: Apache-2.0
// Whether two JSON texts say the same. Doubles may differ in their last digits: Boost.JSON 1.81 does not read them to
// the last bit.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include <boost/json.hpp>

namespace quay::fuzz {

inline bool same_value(const boost::json::value& a, const boost::json::value& b) {
  if (a.is_double() && b.is_double()) {
    const double scale = std::max(std::abs(a.get_double()), std::abs(b.get_double()));
    return std::abs(a.get_double() - b.get_double()) <= 1e-12 * scale;
  }
  if (a.is_array() && b.is_array()) {
    return std::equal(a.get_array().begin(), a.get_array().end(), b.get_array().begin(), b.get_array().end(),
                      same_value);
  }
  if (a.is_object() && b.is_object()) {
    const auto same_member = [](const auto& x, const auto& y) {
      return x.key() == y.key() && same_value(x.value(), y.value());
    };
    return std::equal(a.get_object().begin(), a.get_object().end(), b.get_object().begin(), b.get_object().end(),
                      same_member);
  }
  return a == b;
}

inline bool same_json(const std::string& a, const std::string& b) {
  return a == b || same_value(boost::json::parse(a), boost::json::parse(b));
}

}  // namespace quay::fuzz
