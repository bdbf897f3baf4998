// SPDX-License-Identifier: Apache-2.0
#include "forms/values.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.hpp"

namespace quay::forms {
namespace {

tl::unexpected<Error> refused(const std::string& field, std::string_view expected) {
  return failure(Errc::form_field, "form.fill", fmt::format("{}: {}", field, expected));
}

bool is_printable(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7F; });
}

Status check_value(const std::string& name, const std::string& value) {
  if (!is_utf8(value) || !is_printable(value)) {
    return refused(name, "UTF-8 text without control characters was expected");
  }
  return value.size() > kLongestValue
             ? Status(refused(name, fmt::format("at most {} bytes were expected", kLongestValue)))
             : Status{};
}

bool is_missing(const Field& field, const Values& values) {
  if (field.list) {
    const auto rows = values.lists.find(field.name);
    return rows == values.lists.end() || rows->second.empty();
  }
  const auto text = values.texts.find(field.name);
  return text == values.texts.end() || text->second.empty();
}

const Field* find(const Form& form, const std::string& name, bool list) {
  const auto found = std::find_if(form.fields.begin(), form.fields.end(),
                                  [&](const Field& field) { return field.name == name && field.list == list; });
  return found == form.fields.end() ? nullptr : &*found;
}

Status check_row(const std::string& name, const Field& field, const Row& row) {
  for (const auto& [column, value] : row) {
    const std::string full = fmt::format("{}.{}", name, column);
    if (std::find(field.columns.begin(), field.columns.end(), column) == field.columns.end()) {
      return refused(full, "the list has no such column");
    }
    if (Status good = check_value(full, value); !good) {
      return good;
    }
  }
  return {};
}

Status check_list(const Form& form, const std::string& name, const std::vector<Row>& rows) {
  const Field* field = find(form, name, true);
  if (field == nullptr) {
    return refused(name, fmt::format("the form {} has no such list", form.name));
  }
  if (rows.size() > kMostRows) {
    return refused(name, fmt::format("at most {} rows were expected", kMostRows));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (Status good = check_row(fmt::format("{}[{}]", name, i), *field, rows[i]); !good) {
      return good;
    }
  }
  return {};
}

/// Calls `each(before, name)` for every piece of text and the field that follows it; the last name is empty.
template <class Each>
void for_each_field(std::string_view text, Each each) {
  for (;;) {
    const std::size_t open = text.find('{'), close = text.find('}', open);
    if (open == std::string_view::npos || close == std::string_view::npos) {
      each(text, std::string_view{});
      return;
    }
    each(text.substr(0, open), text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
}

}  // namespace

Status check(const Form& form, const Values& values) {
  for (const auto& [name, value] : values.texts) {
    if (find(form, name, false) == nullptr) {
      return refused(name, fmt::format("the form {} has no such field", form.name));
    }
    if (Status good = check_value(name, value); !good) {
      return good;
    }
  }
  for (const auto& [name, rows] : values.lists) {
    if (Status good = check_list(form, name, rows); !good) {
      return good;
    }
  }
  const auto missing = std::find_if(form.fields.begin(), form.fields.end(),
                                    [&](const Field& field) { return field.required && is_missing(field, values); });
  return missing == form.fields.end() ? Status{} : refused(missing->name, "a value was expected");
}

std::string filled(std::string_view text, const Row& values) {
  std::string out;
  bool has_field = false, has_value = false;
  for_each_field(text, [&](std::string_view before, std::string_view name) {
    out += before;
    if (name.empty()) {
      return;
    }
    const auto value = values.find(std::string(name));
    has_field = true;
    if (value != values.end()) {
      has_value = has_value || !value->second.empty();
      out += value->second;
    }
  });
  return has_field && !has_value ? std::string() : out;
}

std::vector<std::string> names_in(std::string_view text) {
  std::vector<std::string> names;
  for_each_field(text, [&](std::string_view, std::string_view name) {
    if (!name.empty()) {
      names.emplace_back(name);
    }
  });
  return names;
}

}  // namespace quay::forms
