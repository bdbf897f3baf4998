// SPDX-License-Identifier: Apache-2.0
// Charts as inline SVG that can be told apart in black and white: dark, hatched and empty areas, each with its number.
// No script, no font file, nothing fetched.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace quay::ctl::report {

/// `text` for the inside of HTML and SVG.
std::string escaped(const std::string& text);

/// "12.345": as Vietnamese writes whole numbers.
std::string grouped(std::int64_t number);

struct Column {
  std::string label;
  std::vector<std::int64_t> values;  ///< one for each of `series`, from the bottom up
};

/// Stacked columns with the sum above each, and a legend.
std::string column_chart(const std::vector<std::string>& series, const std::vector<Column>& columns);

struct Bar {
  std::string label;
  std::int64_t value = 0;
  std::string text;  ///< behind the bar
};

/// Lying bars, the largest as wide as there is room.
std::string bar_chart(const std::vector<Bar>& bars);

}  // namespace quay::ctl::report
