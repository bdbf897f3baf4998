// SPDX-License-Identifier: Apache-2.0
// JSON for people: one member a line, so that a change of a generated file can be read.
#pragma once

#include <string>

#include <boost/json.hpp>

namespace quay::protocol {

/// `value` with two spaces an indent, short arrays of scalars on one line, and a line break at the end. Members keep
/// their order.
std::string pretty(const boost::json::value& value);

}  // namespace quay::protocol
