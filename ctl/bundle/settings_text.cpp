// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "ctl/bundle/texts.hpp"

namespace quay::ctl::bundle {
namespace {

constexpr std::array<std::string_view, 9> kTold{"id",        "sane_device",   "sane_backends", "port", "model",
                                                "log_level", "text_language", "roles",         "queue"};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  const auto last = text.find_last_not_of(" \t\r");
  return first == std::string_view::npos ? std::string_view() : text.substr(first, last - first + 1);
}

/// Position of the quote that ends the text beginning at `open`, or the line's end.
std::size_t end_of_text(std::string_view line, std::size_t open) {
  const char quote = line[open];
  for (std::size_t at = open + 1; at < line.size(); ++at) {
    if (line[at] == quote) {
      return at;
    }
    at += line[at] == '\\' && quote == '"' ? 1 : 0;
  }
  return line.size();
}

/// The line without its comment; its texts as their sizes when they are not told.
std::string told_line(std::string_view line, bool texts) {
  std::string told;
  for (std::size_t at = 0; at < line.size() && line[at] != '#'; ++at) {
    if (line[at] != '"' && line[at] != '\'') {
      told += line[at];
      continue;
    }
    const std::size_t end = end_of_text(line, at);
    const std::string_view text = line.substr(at + 1, std::min(end, line.size()) - at - 1);
    told += texts ? fmt::format("\"{}\"", text) : fmt::format("\"<{} bytes>\"", text.size());
    at = end;
  }
  return std::string(trimmed(told));
}

}  // namespace

std::string settings_text(std::string_view toml) {
  std::string told;
  std::string_view key;
  std::ptrdiff_t open_lists = 0;  // one may go on over lines
  while (!toml.empty()) {
    const std::size_t end = std::min(toml.find('\n'), toml.size());
    const std::string_view line = trimmed(toml.substr(0, end));
    toml.remove_prefix(std::min(end + 1, toml.size()));
    const std::size_t equals = line.find_first_of("=\"'#");
    if (open_lists == 0) {
      const bool is_setting = equals != std::string_view::npos && line[equals] == '=';
      key = is_setting ? trimmed(line.substr(0, equals)) : std::string_view();
    }
    const bool texts = std::find(kTold.begin(), kTold.end(), key) != kTold.end();
    const std::string text = told_line(line, texts);
    told += text.empty() ? text : text + "\n";
    const std::string bare = told_line(line, false);  // no bracket stands in a length
    open_lists += std::count(bare.begin(), bare.end(), '[') - std::count(bare.begin(), bare.end(), ']');
  }
  return told;
}

}  // namespace quay::ctl::bundle
