// SPDX-License-Identifier: Apache-2.0
// The journal in bad luck: foreign, damaged, locked or newer databases, a full disk, a failing sync, a killed process.
// The faults are the kernel's own, made in a child process (storage_support.hpp).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>

#include <fstream>

#include <fmt/format.h>

#include "tests/unit/daemon/storage_support.hpp"

namespace quay::daemon::storage {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

class JournalFaultTest : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_ / "journal.db"; }

  /// Runs SQL on the file as another program would.
  void run_foreign_sql(const std::string& sql) const {
    sqlite3* database = nullptr;
    ASSERT_EQ(::sqlite3_open(file().c_str(), &database), SQLITE_OK);
    EXPECT_EQ(::sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    ::sqlite3_close(database);
  }

  TemporaryFolder folder_;
};

Error refusal(Result<Journal> journal) { return journal ? Error{} : journal.error(); }

TEST_F(JournalFaultTest, AFileThatIsNoDatabaseIsRefusedInSqlitesWords) {
  std::ofstream(file()) << std::string(8192, 'q');
  const Error error = refusal(Journal::open(file()));
  EXPECT_EQ(error.code, Errc::journal_failed);
  EXPECT_EQ(error.native, (NativeStatus{"SQLite", "file is not a database", SQLITE_NOTADB}));
}

TEST_F(JournalFaultTest, AFolderInPlaceOfTheFileIsRefused) {
  std::filesystem::create_directory(file());
  const Error error = refusal(Journal::open(file()));
  EXPECT_EQ(error.code, Errc::journal_failed);
  EXPECT_EQ(error.native.name, "EISDIR");
}

TEST_F(JournalFaultTest, AMissingFolderIsRefusedWithThePath) {
  const Error error = refusal(Journal::open(folder_ / "nowhere/journal.db"));
  EXPECT_EQ(error.code, Errc::journal_failed);
  EXPECT_EQ(error.native.name, "ENOENT");
  EXPECT_THAT(error.operation, HasSubstr("nowhere/journal.db"));
}

TEST_F(JournalFaultTest, ALinkInPlaceOfTheFileIsNotFollowed) {
  std::filesystem::create_symlink(folder_ / "elsewhere.db", file());
  EXPECT_EQ(refusal(Journal::open(file())).native.name, "ELOOP");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "elsewhere.db"));
}

TEST_F(JournalFaultTest, ADatabaseOfANewerQuayIsLeftAlone) {
  must(Journal::open(file()));
  run_foreign_sql("PRAGMA user_version = 99");
  const Error error = refusal(Journal::open(file()));
  EXPECT_EQ(error.code, Errc::journal_failed);
  EXPECT_THAT(error.detail, HasSubstr("schema 99"));
}

TEST_F(JournalFaultTest, ADatabaseOfAnotherProgramIsLeftAlone) {
  run_foreign_sql("CREATE TABLE songs(title TEXT); INSERT INTO songs VALUES('Quan ho')");
  const Error error = refusal(Journal::open(file()));
  EXPECT_EQ(error.code, Errc::journal_failed);
  EXPECT_THAT(error.detail, HasSubstr("another program"));
  run_foreign_sql("SELECT title FROM songs");
}

TEST_F(JournalFaultTest, ASecondProcessIsRefusedWhileTheFirstLives) {
  const Journal journal = must(Journal::open(file()));
  const std::string second = in_a_child([&] { return verdict(Journal::open(file())); });
  EXPECT_THAT(second, StartsWith("journal.failed"));
  EXPECT_THAT(second, HasSubstr("database is locked"));
}

TEST_F(JournalFaultTest, DamageIsFoundWhenThePreviousRunCrashed) {
  {
    Journal journal = must(Journal::open(file()));
    for (int i = 0; i < 300; ++i) {
      must(keep_event(journal, "job.started", 3500));
    }
    ASSERT_TRUE(journal.checkpoint_when_idle());
    must(keep_event(journal, "job.started"));
    // What a crash leaves: the database and a write-ahead log that was never moved into it.
    std::filesystem::copy(file(), folder_ / "crashed.db");
    std::filesystem::copy(file().string() + "-wal", folder_ / "crashed.db-wal");
    std::filesystem::copy(file(), folder_ / "damaged.db");
    std::filesystem::copy(file().string() + "-wal", folder_ / "damaged.db-wal");
  }
  overwrite(folder_ / "damaged.db", std::streamoff{4096} * 200, std::string(4096, '\xa5'));
  Journal whole = must(Journal::open(folder_ / "crashed.db"));
  EXPECT_EQ(whole.last_sequence(), 301U);
  const Error error = refusal(Journal::open(folder_ / "damaged.db"));
  EXPECT_EQ(error.code, Errc::journal_failed);
  EXPECT_EQ(error.native.api, "SQLite");
  EXPECT_EQ(error.native.number, SQLITE_CORRUPT);
}

TEST_F(JournalFaultTest, AFullDiskRefusesTheChangeAndLosesNothingThatWasCommitted) {
  const std::string story = in_a_child([&] {
    make_disk_small(folder_.path(), 1'000'000);
    Journal journal = must(Journal::open(file()));
    std::uint64_t kept = 0;
    Result<protocol::Event> event = keep_event(journal, "capture.captured", 3'000);
    for (; event && kept < 1000; event = keep_event(journal, "capture.captured", 3'000)) {
      ++kept;
    }
    const std::uint64_t readable = must(journal.events(0, 2000)).texts.size();
    return fmt::format("{} {} {} {}", kept > 10, readable == kept, journal.last_sequence() == kept, verdict(event));
  });
  EXPECT_THAT(story, StartsWith("true true true spool.full"));
}

TEST_F(JournalFaultTest, AFullDiskRefusesANewJournal) {
  const std::string story = in_a_child([&] {
    make_disk_small(folder_.path(), 8192);
    return verdict(Journal::open(file()));
  });
  EXPECT_THAT(story, StartsWith("spool.full"));
}

TEST_F(JournalFaultTest, AFailedSyncIsNeverTriedAgain) {
  must(Journal::open(file()));
  const std::string story = in_a_child([&] {
    Journal journal = must(Journal::open(file()));
    must(keep_event(journal, "system.started"));
    break_every_sync();
    const std::string first = verdict(keep_event(journal, "capture.captured"));
    const std::string second = verdict(keep_event(journal, "capture.captured"));
    return fmt::format("{}\n{}\n{}", first, second, journal.last_sequence());
  });
  EXPECT_THAT(story, MatchesRegex("journal.failed: .*disk I/O error.*\njournal.failed: .*a sync failed before.*\n1"));
  Journal journal = must(Journal::open(file()));
  EXPECT_GE(journal.last_sequence(), 1U);
}

TEST_F(JournalFaultTest, WhatWasCommittedSurvivesAKill) {
  must(Journal::open(file()));
  for (int round = 1; round <= 10; ++round) {
    const std::string end = in_a_child([&]() -> std::string {
      Journal journal = must(Journal::open(file()));
      must(keep_event(journal, "capture.captured"));
      const Status half = journal.transact([](Journal& inside) {
        protocol::Event event;
        event.type = "capture.captured";
        [[maybe_unused]] const Status appended = inside.append(event);
        ::kill(::getpid(), SIGKILL);
        return Status{};
      });
      return verdict(half);
    });
    ASSERT_EQ(end, "signal 9");
    Journal journal = must(Journal::open(file()));
    EXPECT_EQ(journal.last_sequence(), static_cast<std::uint64_t>(round)) << "the half transaction must be gone";
    EXPECT_EQ(must(journal.events(0, 100)).texts.size(), static_cast<std::size_t>(round));
  }
}

}  // namespace
}  // namespace quay::daemon::storage
