// SPDX-License-Identifier: Apache-2.0
// Forms as files: TOML that an operator may copy and change. Every mistake is told by its line.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "forms/form.hpp"

namespace quay::forms {

/// file: what mistakes are called by; its stem is the form's name. Errors: form_invalid with all mistakes.
Result<Form> parse_form(std::string_view text, const std::filesystem::path& file);

/// The forms of a folder, and what is wrong with those that could not be read.
struct FormFolder {
  std::vector<Form> forms{};  ///< by name
  std::vector<Error> faults{};
};

/// All "*.toml" of a folder. Errors: file_unreadable when there is no such folder.
Result<FormFolder> load_forms(const std::filesystem::path& folder);

}  // namespace quay::forms
