// SPDX-License-Identifier: Apache-2.0
// What is filled in, checked against what the form asks for.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "forms/form.hpp"

namespace quay::forms {

using Row = std::map<std::string, std::string>;

struct Values {
  Row texts{};                                      ///< by field
  std::map<std::string, std::vector<Row>> lists{};  ///< by list field
};

inline constexpr std::size_t kLongestValue = 2000;  ///< bytes
inline constexpr std::size_t kMostRows = 200;

/// Errors: form_field, naming the field and what was expected: one that the form does not know, a required one that is
/// missing or empty, text that is no UTF-8, has control characters or is too long. Never the value.
Status check(const Form& form, const Values& values);

/// The text with its fields' values; empty when it has fields and all of them are empty. Unknown names stay as they are
/// (form_file.cpp refuses them).
std::string filled(std::string_view text, const Row& values);

/// Names between braces, in their order.
std::vector<std::string> names_in(std::string_view text);

}  // namespace quay::forms
