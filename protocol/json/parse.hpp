// SPDX-License-Identifier: Apache-2.0
// Text from outside -> JSON value. Stricter than the library by one rule: a number beyond the range of a double is
// refused, since as an infinity it could not be written again.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>
#include <tl/expected.hpp>

namespace quay::protocol {

/// The object that `text` is, or, in a few words for an error's detail, why it is none: not JSON (RFC 8259), not
/// UTF-8, nested deeper than 32, a number too large, or not an object.
tl::expected<boost::json::object, std::string> parse_object(std::string_view text);

}  // namespace quay::protocol
