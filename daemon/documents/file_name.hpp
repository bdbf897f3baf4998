// SPDX-License-Identifier: Apache-2.0
// Names of files as portals want them: plain ASCII, made from the dossier code by a portal's rule such as
// {code}.{nnn}.{ext} (Circular 05/2025/TT-BNV: dossier code, point, ordinal). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace quay::daemon::documents {

inline constexpr std::int32_t kMostOrdinal = 999;

/// A dossier code: the agency, the day and the serial number, as H26-260101-0001, H26.12-260101-0001 or
/// 000.01.14.H26-260101-0001. Capital letters and digits only; the day must exist.
/// Errors: document_code_invalid, saying which part.
Status check_code(const std::string& code);

struct NameParts {
  std::string code;          ///< empty: none yet
  std::int32_t ordinal = 0;  ///< 0: none yet
  std::string kind;
  std::string media_type;
};

/// `rule` filled in; nothing when it wants a part that is not there yet. {code}, {n} and {nnn} are code and ordinal,
/// {kind} and {ext} (pdf, jpg, png) come from the file.
std::optional<std::string> file_name(const std::string& rule, const NameParts& parts);

/// A rule that gives ASCII names, each part known. What is wrong, or nothing.
std::optional<std::string> mistake_in_rule(const std::string& rule);

}  // namespace quay::daemon::documents
