// SPDX-License-Identifier: Apache-2.0
// One run of a prepared SQLite statement: bind values, step, read columns. The compiled statement belongs to the
// cache in Database; this borrows it and hands it back reset.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "base/ids.hpp"

struct sqlite3_stmt;

namespace quay::daemon::storage {

/// The columns of the current row, read from left to right.
class Columns {
 public:
  explicit Columns(sqlite3_stmt* handle) : handle_(handle) {}

  std::string text();
  std::optional<std::string> optional_text();
  double real();
  template <class T>
  T integer() {
    return static_cast<T>(next_integer());
  }

 private:
  std::int64_t next_integer();

  sqlite3_stmt* handle_;
  int column_ = 0;
};

class Statement {
 public:
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
  Statement(Statement&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Statement& operator=(Statement&&) = delete;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  /// Binds all `values` to ?1, ?2, ... Text is borrowed until the statement goes.
  template <class... Values>
  void bind_all(const Values&... values) {
    [[maybe_unused]] int index = 0;
    (bind(++index, values), ...);
  }

  /// SQLITE_ROW, SQLITE_DONE or an error code.
  int step();

  Columns columns() const { return Columns(handle_); }

 private:
  void bind(int index, const std::string& text);
  void bind(int index, const std::optional<std::string>& text);
  void bind(int index, double number);
  void bind_integer(int index, std::int64_t number);
  template <class T>
    requires std::is_integral_v<T>
  void bind(int index, T number) {
    bind_integer(index, static_cast<std::int64_t>(number));
  }
  template <class Tag>
  void bind(int index, const Id<Tag>& id) {
    bind(index, id.value);
  }

  sqlite3_stmt* handle_;
};

}  // namespace quay::daemon::storage
