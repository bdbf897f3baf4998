// SPDX-License-Identifier: Apache-2.0
// Strings that SANE backends hand out, made safe for JSON: backends write Latin-1 and UTF-8 alike, and null.
#pragma once

#include <string>
#include <string_view>

namespace quay::scanner {

/// `text` as UTF-8: unchanged when it is valid UTF-8 (RFC 3629), else read as ISO 8859-1. Null is empty. Control
/// characters become spaces.
std::string sane_text(const char* text);

/// `text` in lower case, A to Z only.
std::string lower(std::string_view text);

}  // namespace quay::scanner
