// SPDX-License-Identifier: Apache-2.0
#include "settings/reader.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "settings/suggest.hpp"

namespace quay::settings {
namespace {

constexpr std::size_t kLongestQuote = 60;

constexpr std::array<std::pair<std::string_view, LogLevel>, 5> kLevels{{{"error", LogLevel::error},
                                                                        {"warning", LogLevel::warning},
                                                                        {"notice", LogLevel::notice},
                                                                        {"info", LogLevel::info},
                                                                        {"debug", LogLevel::debug}}};

/// A value as the reader of an error message knows it from the file.
std::string quote(const toml::node& node) {
  if (const auto* string = node.as_string()) {
    const std::string& text = string->get();
    return text.size() > kLongestQuote ? fmt::format("\"{}...\"", cut_utf8(text, kLongestQuote))
                                       : fmt::format("\"{}\"", text);
  }
  if (const auto* integer = node.as_integer()) {
    return fmt::format("{}", integer->get());
  }
  if (const auto* boolean = node.as_boolean()) {
    return boolean->get() ? "true" : "false";
  }
  if (const auto* real = node.as_floating_point()) {
    return fmt::format("{}", real->get());
  }
  return node.is_table() ? "a table" : node.is_array() ? "an array" : "a date or time";
}

std::string join(std::string_view prefix, std::string_view key) {
  return prefix.empty() ? std::string(key) : fmt::format("{}.{}", prefix, key);
}

std::string unknown_key(std::string_view key, std::span<const Setting> settings) {
  std::vector<std::string_view> known;
  for (const Setting& setting : settings) {
    known.push_back(setting.key);
  }
  if (const auto meant = nearest_word(key, known)) {
    return fmt::format("unknown key; did you mean {}?", *meant);
  }
  return fmt::format("unknown key; known here: {}", fmt::join(known, ", "));
}

}  // namespace

void Mistakes::add(const toml::source_region& where, std::string_view key, std::string_view text) {
  const std::uint32_t line = where.begin.line;
  std::string whole =
      key.empty() ? fmt::format("{}:{}: {}", file_, line, text) : fmt::format("{}:{}: {}: {}", file_, line, key, text);
  // Keys and values are whatever was typed: a line break in one must not begin a line of its own.
  std::replace_if(
      whole.begin(), whole.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, '?');
  list_.push_back({line, std::move(whole)});
}

std::string Mistakes::text() const {
  std::vector<Mistake> sorted = list_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Mistake& a, const Mistake& b) { return a.line < b.line; });
  std::string all;
  for (const Mistake& mistake : sorted) {
    all += (all.empty() ? "" : "\n") + mistake.text;
  }
  return all;
}

void Value::refuse(std::string_view expected) const {
  mistakes.add(node.source(), key, fmt::format("found {} where {} was expected", quote(node), expected));
}

Take flag(bool& out) {
  return [&out](const Value& value) {
    const auto* boolean = value.node.as_boolean();
    if (boolean == nullptr) {
      return value.refuse("true or false");
    }
    out = boolean->get();
  };
}

Take whole_number(std::int64_t& out, Range range) {
  return [&out, range](const Value& value) {
    const auto* integer = value.node.as_integer();
    if (integer == nullptr || integer->get() < range.least || integer->get() > range.most) {
      return value.refuse(fmt::format("a whole number from {} to {}", range.least, range.most));
    }
    out = integer->get();
  };
}

Take milliseconds(Milliseconds& out, Range range) {
  return [&out, range](const Value& value) {
    std::int64_t count = out.count();
    whole_number(count, range)(value);
    out = Milliseconds(count);
  };
}

Take absolute_path(std::filesystem::path& out, std::size_t longest) {
  return [&out, longest](const Value& value) {
    const auto* string = value.node.as_string();
    const bool usable = string != nullptr && string->get().starts_with('/') && string->get().size() <= longest &&
                        string->get().find('\0') == std::string::npos;
    if (!usable) {
      return value.refuse(fmt::format("an absolute path of at most {} bytes", longest));
    }
    out = std::filesystem::path(string->get()).lexically_normal();
  };
}

Take log_level(LogLevel& out) {
  return [&out](const Value& value) {
    const auto* string = value.node.as_string();
    const auto* found = std::find_if(kLevels.begin(), kLevels.end(), [&](const auto& level) {
      return string != nullptr && level.first == string->get();
    });
    if (found == kLevels.end()) {
      return value.refuse("one of error, warning, notice, info, debug");
    }
    out = found->second;
  };
}

Take text(std::string& out, std::function<bool(const std::string&)> fits, std::string expected) {
  return [&out, fits = std::move(fits), expected = std::move(expected)](const Value& value) {
    const auto* string = value.node.as_string();
    if (string == nullptr || !fits(string->get())) {
      return value.refuse(expected);
    }
    out = string->get();
  };
}

Take list_of_paths(std::vector<std::filesystem::path>& out, std::size_t longest) {
  return [&out, longest](const Value& value) {
    const toml::array* array = value.node.as_array();
    if (array == nullptr) {
      return value.refuse("an array of absolute paths");
    }
    std::vector<std::filesystem::path> list(array->size());
    for (std::size_t i = 0; i < list.size(); ++i) {
      absolute_path(list[i], longest)(Value{*array->get(i), value.key, value.mistakes});
    }
    out = std::move(list);
  };
}

Take list_of_text(std::vector<std::string>& out, std::function<bool(const std::string&)> fits, std::string expected) {
  return [&out, fits = std::move(fits), expected = std::move(expected)](const Value& value) {
    const toml::array* array = value.node.as_array();
    if (array == nullptr) {
      return value.refuse("an array of " + expected);
    }
    std::vector<std::string> list;
    for (const toml::node& item : *array) {
      std::string one;
      text(one, fits, expected)(Value{item, value.key, value.mistakes});
      list.push_back(std::move(one));
    }
    out = std::move(list);
  };
}

Take table(Settings settings) {
  return [settings = std::move(settings)](const Value& value) {
    const toml::table* section = value.node.as_table();
    if (section == nullptr) {
      return value.refuse(fmt::format("a section [{}]", value.key));
    }
    read_table(*section, value.key, settings, value.mistakes);
  };
}

Take tables(std::function<void(const Value&)> take_one) {
  return [take_one = std::move(take_one)](const Value& value) {
    const toml::array* array = value.node.as_array();
    if (array == nullptr) {
      return value.refuse(fmt::format("sections [[{}]]", value.key));
    }
    std::size_t number = 0;
    for (const toml::node& item : *array) {
      const std::string key = fmt::format("{}[{}]", value.key, ++number);
      const Value one{item, key, value.mistakes};
      item.is_table() ? take_one(one) : one.refuse(fmt::format("a section [[{}]]", value.key));
    }
  };
}

void read_table(const toml::table& table, const std::string& prefix, std::span<const Setting> settings,
                Mistakes& mistakes) {
  for (const auto& [key, node] : table) {
    const std::string full_key = join(prefix, key.str());
    const auto known = std::find_if(settings.begin(), settings.end(),
                                    [name = key.str()](const Setting& setting) { return setting.key == name; });
    if (known == settings.end()) {
      mistakes.add(key.source(), full_key, unknown_key(key.str(), settings));
    } else {
      known->take(Value{node, full_key, mistakes});
    }
  }
}

}  // namespace quay::settings
