// SPDX-License-Identifier: Apache-2.0
#include "protocol/json/parse.hpp"

#include <algorithm>
#include <cmath>

namespace quay::protocol {
namespace {

namespace json = boost::json;

/// No deeper than the parser let it be.
bool is_finite(const json::value& value) {
  if (value.is_double()) {
    return std::isfinite(value.get_double());
  }
  if (value.is_array()) {
    return std::all_of(value.get_array().begin(), value.get_array().end(), is_finite);
  }
  if (value.is_object()) {
    const json::object& object = value.get_object();
    return std::all_of(object.begin(), object.end(), [](const auto& member) { return is_finite(member.value()); });
  }
  return true;
}

}  // namespace

tl::expected<json::object, std::string> parse_object(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error) {
    return tl::unexpected("not JSON: " + error.message());
  }
  if (!value.is_object()) {
    return tl::unexpected<std::string>("a JSON object was expected");
  }
  if (!is_finite(value)) {
    return tl::unexpected<std::string>("a number is too large");
  }
  return std::move(value.get_object());
}

}  // namespace quay::protocol
