// SPDX-License-Identifier: Apache-2.0
#include "daemon/storage/statement.hpp"

#include <sqlite3.h>

namespace quay::daemon::storage {

std::optional<std::string> Columns::optional_text() {
  const int column = column_++;
  const unsigned char* text = ::sqlite3_column_text(handle_, column);
  if (text == nullptr) {
    return std::nullopt;
  }
  const auto bytes = static_cast<std::size_t>(::sqlite3_column_bytes(handle_, column));
  return std::string(reinterpret_cast<const char*>(text), bytes);
}

std::string Columns::text() { return optional_text().value_or(""); }

double Columns::real() { return ::sqlite3_column_double(handle_, column_++); }

std::int64_t Columns::next_integer() { return ::sqlite3_column_int64(handle_, column_++); }

Statement::~Statement() {
  if (handle_ != nullptr) {
    ::sqlite3_reset(handle_);
    ::sqlite3_clear_bindings(handle_);
  }
}

int Statement::step() { return ::sqlite3_step(handle_); }

void Statement::bind(int index, const std::string& text) {
  ::sqlite3_bind_text64(handle_, index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind(int index, const std::optional<std::string>& text) {
  if (text) {
    bind(index, *text);
  }  // a parameter that is never bound is NULL
}

void Statement::bind(int index, double number) { ::sqlite3_bind_double(handle_, index, number); }

void Statement::bind_integer(int index, std::int64_t number) { ::sqlite3_bind_int64(handle_, index, number); }

}  // namespace quay::daemon::storage
