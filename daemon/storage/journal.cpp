// SPDX-License-Identifier: Apache-2.0
#include "daemon/storage/journal.hpp"

#include <sqlite3.h>

#include "daemon/storage/journal_impl.hpp"
#include "daemon/storage/migrations.hpp"

namespace quay::daemon::storage {
namespace {

// Pages of 4 KiB in the write-ahead log. At the first the storage thread checkpoints when it has nothing better to do;
// at the second a commit pays for it.
constexpr int kIdleCheckpointPages = 256;
constexpr int kForcedCheckpointPages = 4096;

bool is_failed_sync(const Error& error) {
  const std::int64_t code = error.native.number;
  return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC;
}

Result<Sequence> load_sequence(Database& database) {
  const auto read = [](Columns& columns) {
    std::string root = columns.text();
    return std::pair(std::move(root), columns.integer<std::uint64_t>());
  };
  auto rows = database.select("SELECT root, seq FROM topic", read);
  if (!rows) {
    return failure(rows.error());
  }
  Sequence sequence;
  for (auto& [root, seq] : *rows) {
    sequence.newest = std::max(sequence.newest, seq);
    sequence.by_root.emplace(std::move(root), seq);
  }
  return sequence;
}

Result<std::string> load_id(Database& database) {
  const auto read = [](Columns& columns) { return columns.text(); };
  auto id = database.select_one("SELECT value FROM meta WHERE key = 'journal'", read);
  if (!id) {
    return failure(id.error());
  }
  if (!*id) {
    return failure(Errc::journal_failed, "journal.open", "the journal has no id: made by another program");
  }
  return **std::move(id);
}

}  // namespace

Journal::Journal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;

/// An orderly end leaves no log behind. What it says then is of no use to anybody: the next open recovers what is
/// there.
Journal::~Journal() {
  if (impl_ && !impl_->failed && !impl_->database.in_transaction()) {
    [[maybe_unused]] const Status scrubbed = impl_->database.scrub();
  }
}

Result<Journal> Journal::open(const std::filesystem::path& file) {
  auto database = Database::open(file);
  if (!database) {
    return failure(database.error());
  }
  auto impl = std::make_unique<Impl>(std::move(*database));
  if (Status migrated = migrate(impl->database); !migrated) {
    return failure(migrated.error());
  }
  auto id = load_id(impl->database);
  if (!id) {
    return failure(id.error());
  }
  auto sequence = load_sequence(impl->database);
  if (!sequence) {
    return failure(sequence.error());
  }
  impl->id = *std::move(id);
  impl->sequence = *std::move(sequence);
  impl->committed = impl->sequence;
  return Journal(std::move(impl));
}

const std::string& Journal::id() const { return impl_->id; }
std::uint64_t Journal::last_sequence() const { return impl_->sequence.newest; }

Status Journal::begin() {
  if (impl_->failed) {
    return failure(Errc::journal_failed, "journal.begin", "a sync failed before: open the journal anew");
  }
  return impl_->database.run("BEGIN IMMEDIATE");
}

Status Journal::commit() {
  if (Status committed = impl_->database.run("COMMIT"); !committed) {
    impl_->failed = is_failed_sync(committed.error());
    roll_back();
    return committed;
  }
  impl_->committed = impl_->sequence;
  // What was committed is on the disk whatever happens to the checkpoint; a later one or the next open repeats it.
  if (Status moved = impl_->database.checkpoint(kForcedCheckpointPages); !moved) {
    impl_->failed = is_failed_sync(moved.error());
  }
  return {};
}

void Journal::roll_back() {
  impl_->sequence = impl_->committed;
  if (impl_->database.in_transaction()) {
    // SQLite rolls back by itself after most errors; when this fails too, the next BEGIN says so.
    [[maybe_unused]] const Status undone = impl_->database.run("ROLLBACK");
  }
}

Status Journal::checkpoint_when_idle() {
  if (impl_->failed) {
    return {};  // begin() says so; never the same sync twice
  }
  Status moved = impl_->database.checkpoint(kIdleCheckpointPages);
  if (!moved && is_failed_sync(moved.error())) {
    impl_->failed = true;
  }
  return moved;
}

}  // namespace quay::daemon::storage
