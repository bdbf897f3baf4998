// SPDX-License-Identifier: Apache-2.0
// A form that a counter prints: what it asks for and how it lies on paper. A value, read from a file (form_file.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace quay::forms {

enum class Align : std::uint8_t { left, centre, right };

/// What the form asks for. A list has rows, each with the columns' fields.
struct Field {
  std::string name{};
  std::string title_vi{}, title_en{};
  bool required = false;
  bool list = false;
  std::vector<std::string> columns{};  ///< names of a list's fields
};

/// A line or paragraph. `{name}` stands for a field's value; a text whose fields are all empty is left out.
struct Text {
  std::string text{};
  Align align = Align::left;
  double size_pt = 0;  ///< 0: the form's own
  bool bold = false, italic = false;
};

struct Rule {
  double share = 1;  ///< of the width, in the middle
};

struct Space {
  double mm = 2;
};

/// A QR code of a field's value; left out when that is empty.
struct Code {
  std::string field{};
  double size_mm = 22;
  Align align = Align::centre;
};

using Line = std::variant<Text, Rule, Space, Code>;

/// Lines beside each other.
struct Column {
  double share = 1;
  std::vector<Line> lines{};
};
struct Columns {
  std::vector<Column> columns{};
};

/// The rows of a list field, numbered; the head comes again on every page.
struct TableColumn {
  std::string title{};
  std::string field{};  ///< empty: the row's number
  double share = 1;
  Align align = Align::left;
};
struct Table {
  std::string list{};
  std::vector<TableColumn> columns{};
};

using Block = std::variant<Text, Rule, Space, Code, Columns, Table>;

/// Millimetres. Height 0: a roll, cut where the content ends.
struct Paper {
  double width_mm = 148, height_mm = 210, margin_mm = 10;
};

struct Form {
  std::string name{};  ///< of its file
  std::string title_vi{}, title_en{};
  Paper paper{};
  std::string font{};
  double size_pt = 11;
  std::vector<Field> fields{};
  std::vector<Block> blocks{};
};

}  // namespace quay::forms
