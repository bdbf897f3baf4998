// SPDX-License-Identifier: Apache-2.0
// A page that carries a QR code, and whether what it says lies anywhere in the clear.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace quay::system_test {

/// A JPEG of an A4 page at 200 dpi with a QR code of this text, about 30 mm wide.
void write_page_with_code(const std::filesystem::path& file, const std::string& text);

/// Files under `folder` in which `text` stands as it is.
std::vector<std::string> files_with(const std::filesystem::path& folder, const std::string& text);

}  // namespace quay::system_test
