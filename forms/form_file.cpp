// SPDX-License-Identifier: Apache-2.0
#include "forms/form_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

#include "base/encoding.hpp"
#include "forms/values.hpp"
#include "settings/reader.hpp"

namespace quay::forms {
namespace {

using namespace settings;

constexpr std::size_t kLargestFile = std::size_t{256} * 1024;
constexpr double kWidestMm = 420, kSmallestPt = 4, kLargestPt = 72;
constexpr std::array<std::pair<std::string_view, Align>, 3> kAligns{
    {{"left", Align::left}, {"centre", Align::centre}, {"right", Align::right}}};
constexpr std::array<std::pair<std::string_view, Paper>, 3> kPapers{
    {{"A4", {210, 297}}, {"A5", {148, 210}}, {"roll-80", {72, 0, 2}}}};

/// A number with or without a point.
Take measure(double& out, double least, double most) {
  return [&out, least, most](const Value& value) {
    const std::optional<double> number = value.node.value<double>();
    if (!number || *number < least || *number > most) {
      return value.refuse(fmt::format("a number from {} to {}", least, most));
    }
    out = *number;
  };
}

template <class Kind, std::size_t Count>
Take one_of(Kind& out, const std::array<std::pair<std::string_view, Kind>, Count>& known, std::string expected) {
  return [&out, &known, expected = std::move(expected)](const Value& value) {
    const auto* string = value.node.as_string();
    const auto* found = std::find_if(known.begin(), known.end(),
                                     [&](const auto& one) { return string != nullptr && one.first == string->get(); });
    if (found == known.end()) {
      return value.refuse(expected);
    }
    out = found->second;
  };
}

Take align(Align& out) { return one_of(out, kAligns, "left, centre or right"); }

bool is_sentence(const std::string& text) { return !text.empty() && is_utf8(text); }

bool is_name(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Take sentence(std::string& out) { return text(out, is_sentence, "text"); }
Take name(std::string& out) { return text(out, is_name, "a name of a-z, 0-9 and _"); }

/// What a [[block]] or [[block.column.line]] may say; what it is shows by which of these keys it has.
struct Draft {
  Text text;
  Rule rule;
  Space space;
  Code code;
  Columns columns;
  Table table;
};

Settings line_settings(Draft& draft) {
  return {
      {"text", sentence(draft.text.text)},
      {"align",
       [&draft](const Value& value) {
         align(draft.text.align)(value);
         draft.code.align = draft.text.align;
       }},
      {"size_pt", measure(draft.text.size_pt, kSmallestPt, kLargestPt)},
      {"bold", flag(draft.text.bold)},
      {"italic", flag(draft.text.italic)},
      {"rule", measure(draft.rule.share, 0, 1)},
      {"space_mm", measure(draft.space.mm, 0, kWidestMm)},
      {"code", name(draft.code.field)},
      {"size_mm", measure(draft.code.size_mm, 8, 100)},
  };
}

/// Which of the keys that say what it is are there; exactly one must be.
std::string_view kind_of(const toml::table& table, std::span<const std::string_view> kinds, const Value& value) {
  std::string_view found;
  int count = 0;
  for (const std::string_view kind : kinds) {
    if (table.contains(kind)) {
      found = kind;
      ++count;
    }
  }
  if (count != 1) {
    value.mistakes.add(table.source(), value.key,
                       fmt::format("exactly one of {} was expected", fmt::join(kinds, ", ")));
    return {};
  }
  return found;
}

constexpr std::array<std::string_view, 4> kLineKinds{"text", "rule", "space_mm", "code"};
constexpr std::array<std::string_view, 6> kBlockKinds{"text", "rule", "space_mm", "code", "column", "table"};

template <class Any>
std::optional<Any> line_of(std::string_view kind, const Draft& draft) {
  if (kind == "text") {
    return Any(draft.text);
  }
  if (kind == "rule") {
    return Any(draft.rule);
  }
  if (kind == "space_mm") {
    return Any(draft.space);
  }
  return kind == "code" ? std::optional<Any>(draft.code) : std::nullopt;
}

void take_line(const Value& value, std::vector<Line>& lines) {
  Draft draft;
  const toml::table& table = *value.node.as_table();
  read_table(table, value.key, line_settings(draft), value.mistakes);
  if (auto line = line_of<Line>(kind_of(table, kLineKinds, value), draft)) {
    lines.push_back(std::move(*line));
  }
}

void take_column(const Value& value, Columns& columns) {
  Column column;
  const Settings settings{
      {"share", measure(column.share, 0.01, 1)},
      {"line", tables([&column](const Value& line) { take_line(line, column.lines); })},
  };
  read_table(*value.node.as_table(), value.key, settings, value.mistakes);
  columns.columns.push_back(std::move(column));
}

void take_head(const Value& value, Table& table) {
  TableColumn column;
  const Settings settings{
      {"title", sentence(column.title)},
      {"field", name(column.field)},
      {"share", measure(column.share, 0.01, 1)},
      {"align", align(column.align)},
  };
  read_table(*value.node.as_table(), value.key, settings, value.mistakes);
  table.columns.push_back(std::move(column));
}

void take_block(const Value& value, std::vector<Block>& blocks) {
  Draft draft;
  Settings settings = line_settings(draft);
  settings.push_back({"column", tables([&draft](const Value& one) { take_column(one, draft.columns); })});
  settings.push_back({"table", name(draft.table.list)});
  settings.push_back({"head", tables([&draft](const Value& one) { take_head(one, draft.table); })});
  const toml::table& table = *value.node.as_table();
  read_table(table, value.key, settings, value.mistakes);
  const std::string_view kind = kind_of(table, kBlockKinds, value);
  if (auto line = line_of<Block>(kind, draft)) {
    blocks.push_back(std::move(*line));
  } else if (kind == "column") {
    blocks.emplace_back(std::move(draft.columns));
  } else if (kind == "table") {
    blocks.emplace_back(std::move(draft.table));
  }
}

void take_field(const Value& value, std::vector<Field>& fields) {
  Field field;
  const Settings settings{
      {"name", name(field.name)},
      {"title_vi", sentence(field.title_vi)},
      {"title_en", sentence(field.title_en)},
      {"required", flag(field.required)},
      {"columns", list_of_text(field.columns, is_name, "a name of a-z, 0-9 and _")},
  };
  const toml::table& table = *value.node.as_table();
  read_table(table, value.key, settings, value.mistakes);
  for (const std::string_view key : {"name", "title_vi", "title_en"}) {
    if (!table.contains(key)) {
      value.mistakes.add(table.source(), value.key, fmt::format("{}: missing", key));
    }
  }
  field.list = !field.columns.empty();
  if (std::any_of(fields.begin(), fields.end(), [&](const Field& earlier) { return earlier.name == field.name; })) {
    value.mistakes.add(table.source(), value.key,
                       fmt::format("name: \"{}\" is taken by an earlier [[field]]", field.name));
  }
  fields.push_back(std::move(field));
}

Settings form_settings(Form& form) {
  return {
      {"title_vi", sentence(form.title_vi)},
      {"title_en", sentence(form.title_en)},
      {"paper", one_of(form.paper, kPapers, "A4, A5 or roll-80")},
      {"font", sentence(form.font)},
      {"size_pt", measure(form.size_pt, kSmallestPt, kLargestPt)},
      {"field", tables([&form](const Value& value) { take_field(value, form.fields); })},
      {"block", tables([&form](const Value& value) { take_block(value, form.blocks); })},
  };
}

/// width_mm, height_mm and margin_mm change the paper that `paper` names, whatever their order in the file.
Settings paper_settings(Paper& paper) {
  return {
      {"width_mm", measure(paper.width_mm, 20, kWidestMm)},
      {"height_mm", measure(paper.height_mm, 0, kWidestMm)},
      {"margin_mm", measure(paper.margin_mm, 0, 50)},
  };
}

/// Names that a block uses and fields do not have.
class NameCheck {
 public:
  explicit NameCheck(const Form& form) : form_(form) {}

  std::vector<std::string> unknown(const Block& block) {
    std::visit([this](const auto& one) { (*this)(one); }, block);
    return std::move(unknown_);
  }

  void operator()(const Text& text) {
    for (const std::string& name : names_in(text.text)) {
      require(name, false);
    }
  }
  void operator()(const Code& code) { require(code.field, false); }
  void operator()(const Rule&) {}
  void operator()(const Space&) {}
  void operator()(const Columns& columns) {
    for (const Column& column : columns.columns) {
      for (const Line& line : column.lines) {
        std::visit([this](const auto& one) { (*this)(one); }, line);
      }
    }
  }
  void operator()(const Table& table) {
    const Field* list = require(table.list, true);
    for (const TableColumn& column : table.columns) {
      const bool known = list == nullptr || column.field.empty() ||
                         std::find(list->columns.begin(), list->columns.end(), column.field) != list->columns.end();
      if (!known) {
        unknown_.push_back(table.list + "." + column.field);
      }
    }
  }

 private:
  const Field* require(const std::string& name, bool list) {
    const auto found = std::find_if(form_.fields.begin(), form_.fields.end(),
                                    [&](const Field& field) { return field.name == name && field.list == list; });
    if (found == form_.fields.end()) {
      unknown_.push_back(name);
      return nullptr;
    }
    return &*found;
  }

  const Form& form_;
  std::vector<std::string> unknown_;
};

/// Every [[block]] became one block, in their order, or the file has told mistakes already.
void check_names(const toml::table& root, const Form& form, Mistakes& mistakes) {
  const toml::array* blocks = root["block"].as_array();
  if (blocks == nullptr || blocks->size() != form.blocks.size()) {
    return;
  }
  for (std::size_t i = 0; i < form.blocks.size(); ++i) {
    for (const std::string& name : NameCheck(form).unknown(form.blocks[i])) {
      mistakes.add(blocks->get(i)->source(), fmt::format("block[{}]", i + 1),
                   fmt::format("\"{}\" is used, but there is no such [[field]]", name));
    }
  }
}

void check_form(const toml::table& root, const Form& form, Mistakes& mistakes) {
  for (const std::string_view key : {"title_vi", "title_en", "paper", "font", "block"}) {
    if (!root.contains(key)) {
      mistakes.add(root.source(), key, "missing");
    }
  }
  const auto& [width, height, margin] = form.paper;
  if (2 * margin >= width || (height > 0 && 2 * margin >= height)) {
    const toml::node* node = root.get("margin_mm");
    mistakes.add(node != nullptr ? node->source() : root.source(), "margin_mm",
                 fmt::format("margins of {} mm leave nothing of a paper of {} x {} mm", margin, width, height));
  }
  check_names(root, form, mistakes);
}

}  // namespace

Result<Form> parse_form(std::string_view text, const std::filesystem::path& file) {
  const toml::parse_result root = toml::parse(text, file.string());
  if (!root) {
    const auto line = root.error().source().begin.line;
    return failure(Errc::form_invalid, "form.read",
                   fmt::format("{}:{}: {}", file.filename().string(), line, root.error().description()));
  }
  Mistakes mistakes(file.filename().string());
  Form form{.name = file.stem().string()};
  Settings settings = form_settings(form);
  for (const Setting& setting : paper_settings(form.paper)) {
    settings.push_back({setting.key, [](const Value&) {}});
  }
  read_table(root.table(), "", settings, mistakes);
  for (const Setting& setting : paper_settings(form.paper)) {
    if (const toml::node* node = root.table().get(setting.key)) {
      setting.take(Value{*node, std::string(setting.key), mistakes});
    }
  }
  check_form(root.table(), form, mistakes);
  return mistakes.empty() ? Result<Form>(std::move(form)) : failure(Errc::form_invalid, "form.read", mistakes.text());
}

namespace {

Result<Form> load_form(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in || text.size() > kLargestFile) {
    return failure(Errc::file_unreadable, "form.read",
                   fmt::format("{} cannot be read whole", file.filename().string()));
  }
  return parse_form(text, file);
}

}  // namespace

Result<FormFolder> load_forms(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".toml") {
      files.push_back(entry.path());
    }
  }
  if (error) {
    return failure(Errc::file_unreadable, "form.read", fmt::format("{}: {}", folder.string(), error.message()));
  }
  std::sort(files.begin(), files.end());
  FormFolder out;
  for (const auto& file : files) {
    auto form = load_form(file);
    if (form) {
      out.forms.push_back(std::move(*form));
    } else {
      out.faults.push_back(std::move(form).error());
    }
  }
  return out;
}

}  // namespace quay::forms
