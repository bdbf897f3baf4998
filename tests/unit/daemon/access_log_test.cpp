// SPDX-License-Identifier: Apache-2.0
// The access log against everybody who has the file: whatever is done to a line is found and the line is named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "daemon/storage/access_log.hpp"
#include "tests/unit/daemon/storage_support.hpp"

namespace quay::daemon::storage {
namespace {

using Fault = protocol::AccessFault;
using testing::ElementsAre;
using testing::IsEmpty;

class AccessLogTest : public testing::Test {
 protected:
  AccessLogTest() : key_(must(ServiceKey::random())), journal_(must(Journal::open(folder_ / "journal.db"))) {}

  std::filesystem::path file() const { return folder_ / "access.log"; }
  AccessLog open(AccessLogLimits limits = {}) { return must(AccessLog::open(folder_.path(), key_, journal_, limits)); }

  static audit::AccessRecord record(const std::string& action = "images.fetch") {
    audit::AccessRecord line;
    line.at = "2026-11-24T05:10:00.000Z";
    line.who = "nv-012";
    line.peer = "uid:1000";
    line.pid = 77;
    line.role = "front_end";
    line.action = action;
    line.visit = random_uuid();
    line.kinds = {"page"};
    line.result = "ok";
    return line;
  }

  /// A log of `count` lines whose end the journal knows.
  AccessLog filled(int count) {
    AccessLog log = open();
    for (int i = 0; i < count; ++i) {
      must(log.append(record()));
    }
    must(log.anchor(journal_));
    return log;
  }

  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    std::ifstream stream(file());
    for (std::string line; std::getline(stream, line);) {
      all.push_back(line);
    }
    return all;
  }
  void write(const std::vector<std::string>& all) const {
    std::ofstream stream(file(), std::ios::trunc);
    for (const std::string& line : all) {
      stream << line << "\n";
    }
  }

  static std::vector<std::pair<Fault, std::uint64_t>> faults(const protocol::AccessReport& report) {
    std::vector<std::pair<Fault, std::uint64_t>> found;
    for (const protocol::AccessFinding& finding : report.findings) {
      found.emplace_back(finding.fault, finding.line);
    }
    EXPECT_EQ(report.good, found.empty());
    return found;
  }

  /// What somebody finds who has the file, but neither key nor journal.
  std::vector<std::pair<Fault, std::uint64_t>> faults_without_key() const {
    audit::Verifier verifier;
    verifier.next_file("access.log");
    for (const std::string& line : lines()) {
      verifier.next_line(line);
    }
    return faults(verifier.finish(std::nullopt));
  }

  TemporaryFolder folder_;
  ServiceKey key_;
  Journal journal_;
};

TEST_F(AccessLogTest, AnUntouchedLogIsGoodWithAndWithoutTheKey) {
  const AccessLog log = filled(5);
  const protocol::AccessReport report = must(log.verify());
  EXPECT_THAT(faults(report), IsEmpty());
  EXPECT_EQ(report.lines, 5U);
  EXPECT_EQ(report.last, 5U);
  EXPECT_EQ(report.unproved, 0U);
  EXPECT_TRUE(report.end_checked);
  EXPECT_THAT(faults_without_key(), IsEmpty());
}

TEST_F(AccessLogTest, IsForTheServiceOnlyAndOnlyGrows) {
  AccessLog log = filled(1);
  struct stat status {};
  ASSERT_EQ(::stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const std::string before = file_text(file());
  must(log.append(record()));
  EXPECT_TRUE(file_text(file()).starts_with(before));
}

TEST_F(AccessLogTest, EachEditedByteOfALineIsFoundAndNamed) {
  const AccessLog log = filled(3);
  const std::vector<std::string> good = lines();
  for (std::size_t at = 0; at < good[1].size(); ++at) {
    std::vector<std::string> edited = good;
    edited[1][at] = static_cast<char>(edited[1][at] ^ 1);
    write(edited);
    const auto found = faults(must(log.verify()));
    ASSERT_FALSE(found.empty()) << "byte " << at;
    EXPECT_GE(found.front().second, 2U) << "byte " << at;
    EXPECT_LE(found.front().second, 3U) << "byte " << at << ": a hash that no line has any more shows in the next one";
  }
}

TEST_F(AccessLogTest, ARemovedLineIsNamedByTheNextOne) {
  const AccessLog log = filled(4);
  std::vector<std::string> all = lines();
  all.erase(all.begin() + 1);
  write(all);
  EXPECT_THAT(faults_without_key(), ElementsAre(std::pair(Fault::missing, 2U)));
}

TEST_F(AccessLogTest, ExchangedLinesAreNamed) {
  const AccessLog log = filled(4);
  std::vector<std::string> all = lines();
  std::swap(all[1], all[2]);
  write(all);
  EXPECT_THAT(faults_without_key(), ElementsAre(std::pair(Fault::missing, 2U), std::pair(Fault::moved, 3U)));
}

TEST_F(AccessLogTest, ADoubledLineIsNamed) {
  const AccessLog log = filled(2);
  std::vector<std::string> all = lines();
  all.push_back(all.back());
  write(all);
  EXPECT_THAT(faults_without_key(), ElementsAre(std::pair(Fault::moved, 3U)));
}

TEST_F(AccessLogTest, ACutEndIsFoundByTheJournal) {
  const AccessLog log = filled(4);
  std::vector<std::string> all = lines();
  all.resize(2);
  write(all);
  EXPECT_THAT(faults_without_key(), IsEmpty()) << "a shorter chain is a chain";
  EXPECT_THAT(faults(must(log.verify())), ElementsAre(std::pair(Fault::cut, 2U)));
}

TEST_F(AccessLogTest, AnEmptiedLogIsFoundByTheJournal) {
  const AccessLog log = filled(4);
  write({});
  EXPECT_THAT(faults(must(log.verify())), ElementsAre(std::pair(Fault::cut, 0U)));
}

TEST_F(AccessLogTest, AChainMadeAnewWithoutTheKeyIsForged) {
  const AccessLog log = filled(3);
  const crypto::Secret other = must(crypto::Secret::random(32));
  std::vector<std::string> forged;
  std::string prev = audit::no_hash();
  for (const std::string& line : lines()) {
    audit::AccessRecord changed = audit::parse_line(line)->record;
    changed.who = "nv-999";
    changed.prev = prev;
    audit::SealedLine sealed = must(audit::seal(changed, other));
    prev = sealed.hash;
    sealed.text.pop_back();
    forged.push_back(sealed.text);
  }
  write(forged);
  EXPECT_THAT(faults_without_key(), IsEmpty());
  EXPECT_THAT(faults(must(log.verify())), ElementsAre(std::pair(Fault::forged, 1U), std::pair(Fault::forged, 2U),
                                                      std::pair(Fault::forged, 3U), std::pair(Fault::replaced, 3U)));
}

TEST_F(AccessLogTest, AnotherKeysNameDoesNotHideAForgedEnd) {
  const AccessLog log = filled(2);
  std::vector<std::string> all = lines();
  audit::AccessRecord last = audit::parse_line(all[1])->record;
  last.who = "nv-999";
  last.key = "00000000";
  all[1] = must(audit::seal(last, must(crypto::Secret::random(32)))).text;
  all[1].pop_back();
  write(all);
  const protocol::AccessReport report = must(log.verify());
  EXPECT_EQ(report.unproved, 1U);
  EXPECT_THAT(faults(report), ElementsAre(std::pair(Fault::replaced, 2U)));
}

TEST_F(AccessLogTest, GoesOnWhereItEndedWhenOpenedAgain) {
  filled(2);
  AccessLog log = open();
  EXPECT_TRUE(log.damage());
  EXPECT_EQ(must(log.append(record())).n, 3U);
  must(log.anchor(journal_));
  EXPECT_THAT(faults(must(log.verify())), IsEmpty());
}

TEST_F(AccessLogTest, LinesThatTheJournalDidNotHearOfAreTakenOver) {
  {
    AccessLog log = filled(2);
    must(log.append(record()));  // killed before the journal heard of it
  }
  AccessLog log = open();
  EXPECT_TRUE(log.damage()) << verdict(log.damage());
  EXPECT_EQ(log.head().n, 3U);
}

TEST_F(AccessLogTest, AHalfLineOfAPowerCutIsTakenAway) {
  filled(2);
  std::ofstream(file(), std::ios::app) << R"({"n":3,"at":"2026-)";
  AccessLog log = open();
  EXPECT_TRUE(log.damage()) << verdict(log.damage());
  must(log.append(record()));
  EXPECT_THAT(faults_without_key(), IsEmpty());
}

TEST_F(AccessLogTest, ACutWhileQuaydWasDownIsSaidAtTheStartAndStaysVisible) {
  filled(4);
  std::vector<std::string> all = lines();
  all.resize(2);
  write(all);
  AccessLog log = open();
  ASSERT_FALSE(log.damage());
  EXPECT_EQ(log.damage().error().code, Errc::access_log_broken);
  must(log.append(record()));
  EXPECT_THAT(faults_without_key(), ElementsAre(std::pair(Fault::missing, 3U)));
}

TEST_F(AccessLogTest, FullFilesAreSetAsideAndTheChainGoesOn) {
  AccessLog log = open(AccessLogLimits{2000, 100});
  for (int i = 0; i < 20; ++i) {
    must(log.append(record()));
  }
  must(log.anchor(journal_));
  const protocol::AccessReport report = must(log.verify());
  EXPECT_THAT(faults(report), IsEmpty());
  EXPECT_EQ(report.lines, 20U);
  EXPECT_LT(std::filesystem::file_size(file()), 3000U);
  EXPECT_THAT(must(log.lines(5, 3)), testing::SizeIs(3));
  AccessLog again = open(AccessLogLimits{2000, 100});
  EXPECT_TRUE(again.damage());
  EXPECT_EQ(again.head().n, 20U);
}

TEST_F(AccessLogTest, ARemovedFileIsFound) {
  AccessLog log = open(AccessLogLimits{2000, 100});
  for (int i = 0; i < 20; ++i) {
    must(log.append(record()));
  }
  std::vector<std::filesystem::path> aside;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    if (entry.path().filename().string().starts_with("access-")) {
      aside.push_back(entry.path());
    }
  }
  std::sort(aside.begin(), aside.end());
  ASSERT_GE(aside.size(), 3U);
  std::filesystem::remove(aside[1]);
  EXPECT_THAT(faults(must(log.verify())), ElementsAre(std::pair(Fault::missing, 1U)));
}

TEST_F(AccessLogTest, OnlyTheOldestFilesGoAndTheReportSaysWhereItBegins) {
  AccessLog log = open(AccessLogLimits{1000, 2});
  for (int i = 0; i < 20; ++i) {
    must(log.append(record()));
  }
  const protocol::AccessReport report = must(log.verify());
  EXPECT_THAT(faults(report), IsEmpty());
  EXPECT_GT(report.first, 1U);
  EXPECT_EQ(report.last, 20U);
}

TEST_F(AccessLogTest, AFullDiskRefusesTheLineAndTheLogStaysWhole) {
  const std::string story = in_a_child([&] {
    const std::filesystem::path small = folder_ / "small";
    std::filesystem::create_directory(small);
    make_disk_small(small, 65'536);
    AccessLog log = must(AccessLog::open(small, key_, journal_));
    Result<audit::Head> written = audit::Head{};
    int count = 0;
    for (; written && count < 1000; ++count) {
      written = log.append(record());
    }
    audit::Verifier verifier;
    std::ifstream stream(small / "access.log");
    for (std::string line; std::getline(stream, line);) {
      verifier.next_line(line);
    }
    const protocol::AccessReport report = verifier.finish(log.head());
    return verdict(written).substr(0, 10) + (report.good && report.lines > 10 ? " whole" : " torn");
  });
  EXPECT_EQ(story, "spool.full whole");
}

TEST_F(AccessLogTest, AFailedSyncIsSaidAndNothingMoreIsTaken) {
  const std::string story = in_a_child([&] {
    AccessLog log = open();
    break_every_sync();
    const std::string first = verdict(log.append(record()));
    return first.substr(0, 12) + " " + verdict(log.append(record())).substr(0, 12);
  });
  EXPECT_EQ(story, "audit.failed audit.failed");
}

}  // namespace
}  // namespace quay::daemon::storage
