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

/// All "*.toml" of a folder, by name. Errors: file_unreadable, form_invalid for the first file with mistakes.
Result<std::vector<Form>> load_forms(const std::filesystem::path& folder);

}  // namespace quay::forms
