// SPDX-License-Identifier: Apache-2.0
#include "forms/composer.hpp"

#include <algorithm>
#include <utility>

namespace quay::forms {
namespace {

constexpr double kCellGap = 4, kRowGap = 2;  // points around a cell's text
constexpr double kGap = 1.5;                 // below a line

void move_into(Box& box, Box&& part, double x, double y) {
  for (Piece& piece : part.pieces) {
    piece.x += x;
    piece.y += y;
    box.pieces.push_back(std::move(piece));
  }
}

double left_of(Align align, double width, double size) {
  switch (align) {
    case Align::left: return 0;
    case Align::centre: return (width - size) / 2;
    case Align::right: return width - size;
  }
  return 0;
}

Box rule(const Rule& rule, double width) {
  const Bar bar{width * rule.share};
  Box box{bar.height + 2 * kGap, {}};
  box.pieces.push_back({(width - bar.width) / 2, kGap, bar});
  return box;
}

}  // namespace

Composer::Composer(const Form& form, const Values& values, const Fonts& fonts)
    : form_(form), values_(values), fonts_(fonts) {}

Result<Box> Composer::text(const Text& text, double width) const {
  const std::string words = filled(text.text, values_.texts);
  if (words.empty()) {
    return Box{};
  }
  Text style = text;
  style.size_pt = style.size_pt == 0 ? form_.size_pt : style.size_pt;
  auto layout = set_text(fonts_, form_.font, style, words, width);
  if (!layout) {
    return tl::unexpected(layout.error());
  }
  Box box{height_of(layout->get()) + kGap, {}};
  box.pieces.push_back({0, 0, std::move(*layout)});
  return box;
}

Result<Box> Composer::code(const Code& code, double width) const {
  const auto value = values_.texts.find(code.field);
  if (value == values_.texts.end() || value->second.empty()) {
    return Box{};
  }
  const double size = to_points(code.size_mm);
  auto grid = make_code(value->second, size);
  if (!grid) {
    return tl::unexpected(grid.error());
  }
  Box box{size, {}};
  box.pieces.push_back({left_of(code.align, width, size), 0, std::move(*grid)});
  return box;
}

Result<Box> Composer::line(const Line& line, double width) const {
  if (const auto* words = std::get_if<Text>(&line)) {
    return text(*words, width);
  }
  if (const auto* square = std::get_if<Code>(&line)) {
    return code(*square, width);
  }
  if (const auto* bar = std::get_if<Rule>(&line)) {
    return rule(*bar, width);
  }
  return Box{to_points(std::get<Space>(line).mm), {}};
}

Result<Box> Composer::columns(const Columns& columns, double width) const {
  Box box;
  double x = 0;
  for (const Column& column : columns.columns) {
    const double share = width * column.share;
    double y = 0;
    for (const Line& one : column.lines) {
      auto part = line(one, share);
      if (!part) {
        return part;
      }
      const double height = part->height;
      move_into(box, std::move(*part), x, y);
      y += height;
    }
    box.height = std::max(box.height, y);
    x += share;
  }
  return box;
}

Result<Box> Composer::row(const Table& table, const std::vector<std::string>& cells, double width, bool bold) const {
  Box box;
  double x = 0;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const double share = width * table.columns[i].share;
    const Text style{.align = bold ? Align::centre : table.columns[i].align, .size_pt = form_.size_pt, .bold = bold};
    auto layout = set_text(fonts_, form_.font, style, cells[i], share - kCellGap);
    if (!layout) {
      return tl::unexpected(layout.error());
    }
    box.height = std::max(box.height, height_of(layout->get()) + 2 * kRowGap);
    box.pieces.push_back({x + kCellGap / 2, kRowGap, std::move(*layout)});
    x += share;
  }
  box.pieces.push_back({0, box.height, Bar{width, 0.4}});
  return box;
}

Status Composer::add_table(const Table& table, double width, Flow& flow) const {
  const auto rows = values_.lists.find(table.list);
  if (rows == values_.lists.end() || rows->second.empty()) {
    return {};
  }
  std::vector<std::string> cells;
  cells.reserve(table.columns.size());
  for (const TableColumn& column : table.columns) {
    cells.push_back(column.title);
  }
  auto head = row(table, cells, width, true);
  if (!head) {
    return tl::unexpected(head.error());
  }
  head->pieces.push_back({0, 0, Bar{width, 0.4}});
  flow.parts.push_back({std::move(*head), true, true});
  for (std::size_t number = 0; number < rows->second.size(); ++number) {
    const Row& values = rows->second[number];
    std::transform(table.columns.begin(), table.columns.end(), cells.begin(), [&](const TableColumn& column) {
      const auto cell = values.find(column.field);
      return column.field.empty() ? std::to_string(number + 1) : cell == values.end() ? std::string() : cell->second;
    });
    auto box = row(table, cells, width, false);
    if (!box) {
      return tl::unexpected(box.error());
    }
    flow.parts.push_back({std::move(*box), false, true});
  }
  return {};
}

Result<Flow> Composer::flow() const {
  const double width = to_points(form_.paper.width_mm - 2 * form_.paper.margin_mm);
  Flow flow;
  for (const Block& block : form_.blocks) {
    if (const auto* table = std::get_if<Table>(&block)) {
      if (Status added = add_table(*table, width, flow); !added) {
        return tl::unexpected(added.error());
      }
      continue;
    }
    const auto* beside = std::get_if<Columns>(&block);
    const auto as_line = [](const auto& any) -> Line {
      if constexpr (std::is_constructible_v<Line, decltype(any)>) {
        return any;
      } else {
        return Space{0};  // columns and tables are no lines
      }
    };
    auto box = beside != nullptr ? columns(*beside, width) : line(std::visit(as_line, block), width);
    if (!box) {
      return tl::unexpected(box.error());
    }
    flow.parts.push_back({std::move(*box)});
  }
  return flow;
}

}  // namespace quay::forms
