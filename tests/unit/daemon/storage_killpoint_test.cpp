// SPDX-License-Identifier: Apache-2.0
// "Acknowledged means durable", step by step: the order of the calls that reach the disk, how many syncs a page costs,
// and what is left when the process is killed before any one of them.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "tests/unit/daemon/storage_support.hpp"
#include "tests/unit/daemon/storage_syscalls.hpp"

namespace quay::daemon::storage {
namespace {

using testing::ElementsAre;

constexpr std::size_t kPageBytes = 300'000;  // two writes
constexpr int kPages = 3;

class KillPointTest : public testing::Test {
 protected:
  std::filesystem::path journal_file() const { return folder_ / "journal.db"; }
  std::filesystem::path spool_root() const { return folder_ / "spool"; }
  std::filesystem::path acknowledged_file() const { return folder_ / "acknowledged"; }

  TemporaryFolder folder_;
};

bool is_sync(const std::string& call) { return call.starts_with("fsync ") || call.starts_with("fdatasync "); }

std::vector<std::string> without_writes(std::vector<std::string> calls) {
  std::erase_if(calls, [](const std::string& call) { return call.starts_with("write "); });
  return calls;
}

ObjectName raw_of(const CaptureRow& capture) { return {capture.visit, capture.capture.value, "raw"}; }

/// What quayd does with a page: the object, then row and event in one transaction.
Status save_page(Journal& journal, Spool& spool, CaptureRow capture) {
  const std::vector<std::uint8_t> pixels = some_bytes(kPageBytes, static_cast<std::uint8_t>(capture.page));
  const auto stored = spool.write(raw_of(capture), pixels);
  if (!stored) {
    return failure(stored.error());
  }
  capture.raw_bytes = stored->bytes;
  capture.raw_sha256 = stored->sha256;
  protocol::Event event;
  event.type = "capture.captured";
  return journal.transact([&](Journal& inside) {
    const Status put = inside.put(capture);
    return put ? inside.append(event) : put;
  });
}

SampleVisit without_pages(SampleVisit sample) {
  sample.captures.clear();
  return sample;
}

/// The whole life of a process that saves the pages of `sample` and notes each once it may be acknowledged.
void scan(const std::filesystem::path& folder, const SampleVisit& sample) {
  Store store(folder);
  auto& [journal, spool] = store;
  if (!keep_with_key(store, without_pages(sample))) {
    return;
  }
  std::ofstream acknowledged(folder / "acknowledged", std::ios::app);
  for (const CaptureRow& capture : sample.captures) {
    if (save_page(journal, spool, capture)) {
      acknowledged << capture.capture.value << std::endl;
    }
  }
}

TEST_F(KillPointTest, AnObjectIsSyncedBeforeItIsNamedAndItsFolderAfter) {
  Spool spool = open_spool(spool_root());
  const SampleVisit sample = sample_visit(2);
  const std::string visit = admit(spool, sample.visit.visit).value;
  watch_disk_calls();
  must(spool.write(raw_of(sample.captures[0]), some_bytes(kPageBytes)));
  EXPECT_THAT(disk_calls_seen(),
              ElementsAre("mkdirat " + visit, "fsync spool", "write unnamed", "write unnamed", "fdatasync unnamed",
                          "linkat " + sample.captures[0].capture.value + ".raw", "fsync " + visit));
  watch_disk_calls();
  must(spool.write(raw_of(sample.captures[1]), some_bytes(kPageBytes)));
  EXPECT_THAT(without_writes(disk_calls_seen()),
              ElementsAre("fdatasync unnamed", "linkat " + sample.captures[1].capture.value + ".raw", "fsync " + visit))
      << "the visit's folder is there already";
}

TEST_F(KillPointTest, AFolderFoundOnTheDiskIsSyncedOnceMore) {
  const SampleVisit sample = sample_visit(2);
  {
    Spool killed_before_its_sync = open_spool(spool_root());
    admit(killed_before_its_sync, sample.visit.visit);
    must(killed_before_its_sync.write(raw_of(sample.captures[0]), some_bytes(10)));
  }
  Spool spool = open_spool(spool_root());
  admit(spool, sample.visit.visit);
  watch_disk_calls();
  must(spool.write(raw_of(sample.captures[1]), some_bytes(10)));
  EXPECT_THAT(disk_calls_seen(), testing::Contains("fsync spool"));
}

TEST_F(KillPointTest, ACommitCostsExactlyOneSync) {
  Journal journal = must(Journal::open(journal_file()));
  must(keep_event(journal, "system.started"));
  watch_disk_calls();
  for (int i = 0; i < 20; ++i) {
    must(keep_event(journal, "job.started"));
  }
  std::vector<std::string> calls = without_writes(disk_calls_seen());
  EXPECT_EQ(calls, std::vector<std::string>(20, "fdatasync journal.db-wal"));
}

TEST_F(KillPointTest, APageCostsThreeSyncs) {
  Journal journal = must(Journal::open(journal_file()));
  Spool spool = open_spool(spool_root());
  SampleVisit sample = sample_visit(2);
  admit(spool, sample.visit.visit);
  const CaptureRow second = sample.captures[1];
  sample.captures.clear();
  ASSERT_TRUE(keep(journal, sample));
  ASSERT_TRUE(save_page(journal, spool, sample_visit(1).captures[0]).has_value() == false) << "its visit is unknown";
  must(spool.write({second.visit, random_uuid(), "raw"}, some_bytes(10)));
  watch_disk_calls();
  ASSERT_TRUE(save_page(journal, spool, second));
  const std::vector<std::string> calls = disk_calls_seen();
  EXPECT_EQ(std::count_if(calls.begin(), calls.end(), is_sync), 3);
}

/// After a kill: what quayd does at its start, and what must hold then.
void expect_recovery(const std::filesystem::path& folder, const SampleVisit& sample) {
  Store store(folder);
  auto& [journal, spool] = store;
  must(spool.sweep(must(journal.spool_index())));

  std::ifstream acknowledged(folder / "acknowledged");
  std::string id;
  std::size_t count = 0;
  while (acknowledged >> id) {
    ++count;
    EXPECT_TRUE(must(journal.capture(CaptureId{id}))) << "acknowledged and forgotten";
  }
  const std::vector<CaptureRow> rows = must(journal.captures(sample.visit.visit, std::nullopt));
  EXPECT_GE(rows.size(), count);
  EXPECT_LE(rows.size(), count + 1) << "at most the page in flight";
  EXPECT_EQ(must(journal.events(0, 100, {})).texts.size(), rows.size()) << "a row and its event are one transaction";
  for (const CaptureRow& row : rows) {
    const auto object = spool.read_into_memfd(raw_of(row), StoredObject{row.raw_bytes, row.raw_sha256});
    EXPECT_TRUE(object) << "a row without its object: " << verdict(object);
  }
  std::size_t objects = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "spool")) {
    objects += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(objects, rows.size()) << "what no row speaks of is swept";
  for (std::size_t i = rows.size(); !rows.empty() && i < sample.captures.size(); ++i) {
    EXPECT_TRUE(save_page(journal, spool, sample.captures[i])) << "the rest can be scanned again";
  }
}

TEST_F(KillPointTest, AKillBeforeAnyCallThatChangesTheDiskLosesNoAcknowledgedPage) {
  int kill_points = 0;
  for (bool survived = false; !survived && !HasFailure(); ++kill_points) {
    const TemporaryFolder folder;
    const SampleVisit sample = sample_visit(kPages);
    const std::string end = in_a_child([&] {
      die_before_disk_call(kill_points + 1);
      scan(folder.path(), sample);
      die_before_disk_call(0);
      return std::string("survived");
    });
    survived = end == "survived";
    ASSERT_TRUE(survived || end == "signal 9") << end;
    SCOPED_TRACE("killed before disk call " + std::to_string(kill_points + 1));
    expect_recovery(folder.path(), sample);
  }
  EXPECT_GT(kill_points, 50) << "the calls are not seen";
}

/// Saves pages, and saves again what found no room as soon as there is some: what it said of the full disk.
std::string scan_over_a_full_disk(const std::filesystem::path& folder, const SampleVisit& sample, int full_at) {
  Store store(folder);
  must(keep_with_key(store, without_pages(sample)));
  std::vector<std::string> saved_pages;
  std::string refusals;
  fill_disk_before_write(full_at);
  for (const CaptureRow& capture : sample.captures) {
    Status saved = save_page(store.journal, store.spool, capture);
    if (!saved) {
      refusals += verdict(saved).substr(0, 10) + " ";
      make_room();
      must(store.spool.remove(raw_of(capture)));  // its row was never committed
      saved = save_page(store.journal, store.spool, capture);
    }
    must(saved);
    saved_pages.push_back(capture.capture.value);
  }
  const bool met = disk_was_full();
  make_room();
  std::ofstream acknowledged(folder / "acknowledged", std::ios::app);
  for (const std::string& page : saved_pages) {
    acknowledged << page << "\n";
  }
  return refusals + (met ? "met" : "not met");
}

TEST_F(KillPointTest, AFullDiskAtAnyWriteIsSaidAndThePageCanBeSavedWhenThereIsRoom) {
  int writes = 0;
  for (bool met = true; met && !HasFailure(); ++writes) {
    const TemporaryFolder folder;
    const SampleVisit sample = sample_visit(kPages);
    const std::string story = in_a_child([&] { return scan_over_a_full_disk(folder.path(), sample, writes + 1); });
    met = story != "not met";
    SCOPED_TRACE("full from write " + std::to_string(writes + 1) + " on");
    if (met) {
      EXPECT_EQ(story, "spool.full met");
    }
    expect_recovery(folder.path(), sample);
  }
  EXPECT_GT(writes, 10) << "the writes are not seen";
}

TEST_F(KillPointTest, AKillDuringRecoveryLosesNothingEither) {
  // A killed scan, then a start that is killed before each of its own disk calls, then a start that is let be.
  int kill_points = 0;
  for (bool survived = false; !survived && !HasFailure(); ++kill_points) {
    const TemporaryFolder folder;
    const SampleVisit sample = sample_visit(kPages);
    const std::string crash = in_a_child([&] {
      die_before_disk_call(40);
      scan(folder.path(), sample);
      return std::string("not killed");
    });
    ASSERT_EQ(crash, "signal 9");
    const std::string restart = in_a_child([&] {
      die_before_disk_call(kill_points + 1);
      {
        Store store(folder.path());
        must(store.spool.sweep(must(store.journal.spool_index())));
      }
      die_before_disk_call(0);
      return std::string("survived");
    });
    survived = restart == "survived";
    ASSERT_TRUE(survived || restart == "signal 9") << restart;
    SCOPED_TRACE("restart killed before disk call " + std::to_string(kill_points + 1));
    expect_recovery(folder.path(), sample);
  }
  EXPECT_GT(kill_points, 3) << "the calls are not seen";
}

}  // namespace
}  // namespace quay::daemon::storage
