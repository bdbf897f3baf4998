// SPDX-License-Identifier: Apache-2.0
// From TOML values to typed settings: each setting is one line of a table (key, where it goes, what is allowed), and
// every mistake is collected with its line instead of stopping at the first. For every TOML file that a person edits.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "settings/toml.hpp"

namespace quay::settings {

/// What is wrong with a file, by line.
class Mistakes {
 public:
  explicit Mistakes(std::string file) : file_(std::move(file)) {}

  void add(const toml::source_region& where, std::string_view key, std::string_view text);
  bool empty() const { return list_.empty(); }
  /// "file:line: key: text", one a line, in the order of the file.
  std::string text() const;

 private:
  struct Mistake {
    std::uint32_t line;
    std::string text;
  };
  std::string file_;
  std::vector<Mistake> list_;
};

/// One value of the file, and where it stands.
struct Value {
  const toml::node& node;
  const std::string& key;  ///< in full: "scanner.device[2].id"
  Mistakes& mistakes;

  /// "found X where `expected` was expected"
  void refuse(std::string_view expected) const;
};

/// Takes a value or refuses it.
using Take = std::function<void(const Value&)>;

struct Setting {
  std::string_view key;
  Take take;
};
using Settings = std::vector<Setting>;

struct Range {
  std::int64_t least;
  std::int64_t most;
};

// What a setting may be. Each writes to `out`, which outlives the Take, only when the value fits.
Take flag(bool& out);
Take whole_number(std::int64_t& out, Range range);
Take milliseconds(Milliseconds& out, Range range);
Take absolute_path(std::filesystem::path& out, std::size_t longest);
Take log_level(LogLevel& out);
/// Text that `fits`; `expected` says in words what does.
Take text(std::string& out, std::function<bool(const std::string&)> fits, std::string expected);
Take list_of_paths(std::vector<std::filesystem::path>& out, std::size_t longest);
Take list_of_text(std::vector<std::string>& out, std::function<bool(const std::string&)> fits, std::string expected);
/// A table inside a table.
Take table(Settings settings);
/// An array of tables; `take_one` is called with each and its full key.
Take tables(std::function<void(const Value&)> take_one);

/// Reads all of `table`, whose full key is `prefix`. Unknown keys are mistakes, with the nearest known one named.
void read_table(const toml::table& table, const std::string& prefix, std::span<const Setting> settings,
                Mistakes& mistakes);

}  // namespace quay::settings
