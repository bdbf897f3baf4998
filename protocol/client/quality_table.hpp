// SPDX-License-Identifier: Apache-2.0
// What to tell a clerk about a picture that should be taken again: one sentence in Vietnamese and one in English for
// each quality code. Codes are API and never change; sentences may be made better.
#pragma once

#include <span>
#include <string_view>

namespace quay::protocol {

struct QualityRow {
  std::string_view code;  ///< `blur`
  std::string_view vi;
  std::string_view en;
};

std::span<const QualityRow> quality_table();

/// The row of `code`; a row that only asks to look at the page for a code that this build does not know.
const QualityRow& quality_row(std::string_view code);

}  // namespace quay::protocol
