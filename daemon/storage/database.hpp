// SPDX-License-Identifier: Apache-2.0
// One SQLite connection as quay wants it: WAL, every commit synced, foreign keys on, one process only, file 0600.
// Knows how to run statements and how SQLite's codes become quay's; knows no table.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "daemon/storage/statement.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace quay::daemon::storage {

/// Not thread-safe: one thread at a time. Errors of every member: journal_failed with SQLite's words and extended
/// result code in `native`; spool_full when the disk or a quota has no room left.
class Database {
 public:
  /// Opens or makes `file`. A write-ahead log left behind by a crash is recovered and the whole checked (quick_check).
  static Result<Database> open(const std::filesystem::path& file);

  /// Runs one or more statements that take and give nothing.
  Status execute(const std::string& sql);

  /// Runs a statement that gives no rows. `sql` is a literal: it is the key of the statement cache.
  template <class... Values>
  Status run(std::string_view sql, const Values&... values) {
    const auto none = [](Columns&) { return 0; };
    auto rows = select(sql, none, values...);
    return rows ? Status{} : Status(failure(rows.error()));
  }

  /// All rows, each turned into a value by `read(Columns&)`.
  template <class Read, class... Values>
  auto select(std::string_view sql, Read read, const Values&... values)
      -> Result<std::vector<std::invoke_result_t<Read, Columns&>>> {
    Result<Statement> statement = prepare(sql);
    if (!statement) {
      return failure(statement.error());
    }
    statement->bind_all(values...);
    std::vector<std::invoke_result_t<Read, Columns&>> rows;
    Result<bool> more = step(*statement);
    for (; more && *more; more = step(*statement)) {
      Columns columns = statement->columns();
      rows.push_back(read(columns));
    }
    if (!more) {
      return failure(more.error());
    }
    return rows;
  }

  /// The first row, or nothing.
  template <class Read, class... Values>
  auto select_one(std::string_view sql, Read read, const Values&... values)
      -> Result<std::optional<std::invoke_result_t<Read, Columns&>>> {
    auto rows = select(sql, read, values...);
    if (!rows) {
      return failure(rows.error());
    }
    std::optional<std::invoke_result_t<Read, Columns&>> first;
    if (!rows->empty()) {
      first = std::move(rows->front());
    }
    return first;
  }

  bool in_transaction() const;

  /// Moves the write-ahead log into the database when it holds at least `pages` pages.
  Status checkpoint(int pages);
  int wal_pages() const { return *wal_pages_; }

  /// Moves all of the write-ahead log into the database, then overwrites the log with zeros and cuts it to nothing:
  /// with secure_delete, what was deleted is in neither file afterwards. Outside a transaction.
  Status scrub();

 private:
  struct CloseConnection {
    void operator()(sqlite3* handle) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const;
  };
  using StatementHandle = std::unique_ptr<sqlite3_stmt, Finalize>;

  explicit Database(sqlite3* handle) : handle_(handle), wal_pages_(std::make_unique<int>(0)) {}
  Status configure();
  Result<Statement> prepare(std::string_view sql);
  Result<bool> step(Statement& statement);
  Status checkpoint_all(int mode);
  Status blank_log();
  Error error(std::string_view operation) const;

  std::unique_ptr<sqlite3, CloseConnection> handle_;
  std::unordered_map<std::string_view, StatementHandle> statements_;  // goes before the connection
  std::unique_ptr<int> wal_pages_;                                    // address known to SQLite's hook
};

}  // namespace quay::daemon::storage
