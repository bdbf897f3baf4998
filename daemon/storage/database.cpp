// SPDX-License-Identifier: Apache-2.0
#include "daemon/storage/database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/unique_fd.hpp"
#include "daemon/storage/room.hpp"

namespace quay::daemon::storage {
namespace {

/// Makes the file before SQLite does, so that it and its companions (-wal takes its mode) are for the service only.
Status make_private_file(const std::filesystem::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd || ::fchmod(fd.get(), 0600) != 0) {
    return failure(errno_error(errc_of_write(errno, Errc::journal_failed), "journal.open " + file.string(), errno));
  }
  return {};
}

bool left_by_a_crash(const std::filesystem::path& file) {
  std::error_code ignored;
  const auto bytes = std::filesystem::file_size(file.string() + "-wal", ignored);
  return !ignored && bytes > 0;
}

sqlite3_file* log_file(sqlite3* handle) {
  sqlite3_file* log = nullptr;
  ::sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  return log != nullptr && log->pMethods != nullptr ? log : nullptr;
}

/// errno of the write that failed last, in the write-ahead log or else in the database. (sqlite3_system_errno() is
/// overwritten by the rollback.)
int errno_of_write(sqlite3* handle) {
  int error_number = 0;
  if (sqlite3_file* log = log_file(handle)) {
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &error_number);
  }
  if (error_number == 0) {
    ::sqlite3_file_control(handle, "main", SQLITE_FCNTL_LAST_ERRNO, &error_number);
  }
  return error_number;
}

int note_wal_pages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

}  // namespace

/// The log outlives a connection (what SQLite deletes, it does not overwrite); an orderly end leaves it empty.
void Database::CloseConnection::operator()(sqlite3* handle) const { ::sqlite3_close_v2(handle); }
void Database::Finalize::operator()(sqlite3_stmt* handle) const { ::sqlite3_finalize(handle); }

Result<Database> Database::open(const std::filesystem::path& file) {
  if (Status made = make_private_file(file); !made) {
    return failure(made.error());
  }
  const bool crashed = left_by_a_crash(file);
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW;
  const int code = ::sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  if (handle == nullptr) {
    return failure(Errc::journal_failed, "journal.open", "no memory for a connection");
  }
  Database database(handle);  // also of a failed open: it holds the reason
  if (code != SQLITE_OK) {
    return failure(database.error("journal.open " + file.string()));
  }
  if (Status configured = database.configure(); !configured) {
    return failure(configured.error());
  }
  if (crashed) {
    const auto first_word = [](Columns& columns) { return columns.text(); };
    auto verdict = database.select_one("PRAGMA quick_check(1)", first_word);
    if (!verdict) {
      return failure(verdict.error());
    }
    if (*verdict != "ok") {
      Error error = make_error(Errc::journal_failed, "journal.check " + file.string(), "the database is damaged");
      error.native = NativeStatus{"SQLite", verdict->value_or("no answer"), SQLITE_CORRUPT};
      return failure(std::move(error));
    }
  }
  return database;
}

/// Exclusive locking comes first: a second quayd is refused, and no shared-memory file is needed. WAL and FULL: one
/// sync a commit, and it is on the disk. secure_delete: what is erased is overwritten. The log is kept and never cut by
/// SQLite itself, which would give blocks with old content back to the file system: only scrub() does, with zeros.
Status Database::configure() {
  ::sqlite3_extended_result_codes(handle_.get(), 1);
  ::sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  int keep_log = 1;
  ::sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_PERSIST_WAL, &keep_log);
  ::sqlite3_wal_hook(handle_.get(), note_wal_pages, wal_pages_.get());
  return execute(
      "PRAGMA locking_mode=EXCLUSIVE;"
      "PRAGMA journal_mode=WAL;"
      "PRAGMA synchronous=FULL;"
      "PRAGMA foreign_keys=ON;"
      "PRAGMA trusted_schema=OFF;"
      "PRAGMA cell_size_check=ON;"
      "PRAGMA secure_delete=ON;"
      "PRAGMA temp_store=MEMORY;"
      "PRAGMA journal_size_limit=-1");
}

Status Database::execute(const std::string& sql) {
  if (::sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return failure(error("journal " + sql.substr(0, 40)));
  }
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  StatementHandle& cached = statements_[sql];
  if (!cached) {
    sqlite3_stmt* handle = nullptr;
    const int bytes = static_cast<int>(sql.size());
    ::sqlite3_prepare_v3(handle_.get(), sql.data(), bytes, SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if (handle == nullptr) {
      return failure(error("journal.prepare"));
    }
    cached.reset(handle);
  }
  return Statement(cached.get());
}

Result<bool> Database::step(Statement& statement) {
  const int code = statement.step();
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    return failure(error("journal.step"));
  }
  return code == SQLITE_ROW;
}

bool Database::in_transaction() const { return ::sqlite3_get_autocommit(handle_.get()) == 0; }

Status Database::checkpoint(int pages) {
  if (*wal_pages_ < pages) {
    return {};
  }
  if (::sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr) != SQLITE_OK) {
    return failure(error("journal.checkpoint"));
  }
  *wal_pages_ = 0;
  return {};
}

Status Database::checkpoint_all(int mode) {
  if (::sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, mode, nullptr, nullptr) != SQLITE_OK) {
    return failure(error("journal.checkpoint"));
  }
  *wal_pages_ = 0;
  return {};
}

/// Right after a complete checkpoint nothing in the log is needed: a crash in here finds a log without valid frames.
Status Database::blank_log() {
  constexpr sqlite3_int64 kPieceBytes = 65536;
  static constexpr std::array<char, kPieceBytes> kZeros{};
  sqlite3_file* log = log_file(handle_.get());
  sqlite3_int64 size = 0;
  int code = log != nullptr ? log->pMethods->xFileSize(log, &size) : SQLITE_OK;
  for (sqlite3_int64 at = 0; code == SQLITE_OK && at < size; at += kPieceBytes) {
    const auto piece = static_cast<int>(std::min(kPieceBytes, size - at));
    code = log->pMethods->xWrite(log, kZeros.data(), piece, at);
  }
  if (code == SQLITE_OK && size > 0) {
    code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
  }
  if (code != SQLITE_OK) {
    Error failed = make_error(Errc::journal_failed, "journal.scrub", ::sqlite3_errstr(code & 0xff));
    failed.native = NativeStatus{"SQLite", ::sqlite3_errstr(code), code};
    return failure(std::move(failed));
  }
  return {};
}

Status Database::scrub() {
  Status done = checkpoint_all(SQLITE_CHECKPOINT_RESTART);
  if (done) {
    done = blank_log();
  }
  return done ? checkpoint_all(SQLITE_CHECKPOINT_TRUNCATE) : done;
}

Error Database::error(std::string_view operation) const {
  const int code = ::sqlite3_extended_errcode(handle_.get());
  const int primary = code & 0xff;
  Errc errc = primary == SQLITE_FULL ? Errc::spool_full : Errc::journal_failed;
  if (code == SQLITE_IOERR_WRITE) {
    errc = errc_of_write(errno_of_write(handle_.get()), errc);
  }
  Error error = make_error(errc, std::string(operation), ::sqlite3_errstr(primary));
  error.native = NativeStatus{"SQLite", ::sqlite3_errmsg(handle_.get()), code};
  return error;
}

}  // namespace quay::daemon::storage
