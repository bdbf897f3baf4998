// SPDX-License-Identifier: Apache-2.0
// The end of a visit: what is left of it on the disk, whenever it is interrupted. Runs in the program that can be
// killed before each call that changes the disk (storage_syscalls.hpp).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>

#include "daemon/storage/purge.hpp"
#include "tests/unit/daemon/storage_support.hpp"
#include "tests/unit/daemon/storage_syscalls.hpp"

namespace quay::daemon::storage {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::size_t kPageBytes = 100'000;
constexpr const char* kGeometry = R"({"width":2480,"mark":"GEOMETRY-MARK"})";

/// A visit as it is after a scan: pages, renditions, a document, consents, requests, events.
struct Scanned {
  SampleVisit sample = sample_visit(3);
  DocumentRow document;

  /// Everything that must not be found afterwards.
  std::vector<std::string> marks() const {
    std::vector<std::string> all{"GEOMETRY-MARK",     "nv-012", "ARGUMENT-MARK", "REPLY-MARK", document.document.value,
                                 std::string(64, 'a')};
    for (const CaptureRow& capture : sample.captures) {
      all.push_back(capture.capture.value);
    }
    return all;
  }
};

protocol::Event event_of(const std::string& type, const VisitId& visit, const std::string& what) {
  protocol::Event event;
  event.type = type;
  event.at = "2026-11-24T05:10:00.000Z";
  event.visit = visit.value;
  event.data["id"] = what;
  event.data["sha256"] = std::string(64, 'a');
  return event;
}

Status put_page(Journal& open, const CaptureRow& capture) {
  RenditionRow page;
  page.owner = capture.capture.value;
  page.info.rendition = "page";
  page.info.bytes = 1000;
  page.info.sha256 = std::string(64, 'a');
  page.report = R"({"mark":"GEOMETRY-MARK"})";
  protocol::Event event = event_of("capture.ready", capture.visit, capture.capture.value);
  Status done = open.put(page);
  return done ? open.append(event) : done;
}

Status put_rest(Journal& open, const Scanned& scanned) {
  Status done = open.put(scanned.document);
  if (done) {
    done = open.put(RevisionRow{scanned.document.document, 1, 0, R"([{"mark":"GEOMETRY-MARK"}])"});
  }
  if (done) {
    done = open.put(GenerationRow{scanned.sample.captures[0].capture, 2, protocol::CaptureState::ready, "hoso",
                                  R"({"mark":"GEOMETRY-MARK"})"});
  }
  if (done) {
    done = open.put(ConsentRow{scanned.sample.visit.visit, "id_card_image", "2026-11-24T05:10:00.000Z", "nv-012", {}});
  }
  if (done) {
    const std::string result = R"({"visit":")" + scanned.sample.visit.visit.value + R"(","mark":"REPLY-MARK"})";
    done = open.put(RequestRow{"uid:1000", RequestId{random_uuid()}, std::string(64, 'b'), {}, result, "2026"});
  }
  return done;
}

void scan(Store& store, Scanned& scanned) {
  scanned.sample.visit.operator_id = "nv-012";
  scanned.sample.job.arguments = "ARGUMENT-MARK";
  scanned.document = DocumentRow{DocumentId{random_uuid()}, scanned.sample.visit.visit};
  for (CaptureRow& capture : scanned.sample.captures) {
    capture.geometry = kGeometry;
    capture.raw_bytes = kPageBytes;
  }
  must(keep_with_key(store, scanned.sample));
  for (const CaptureRow& capture : scanned.sample.captures) {
    must(store.spool.write({capture.visit, capture.capture.value, "raw"}, some_bytes(kPageBytes)));
    must(store.journal.transact([&](Journal& open) { return put_page(open, capture); }));
  }
  must(store.journal.transact([&](Journal& open) { return put_rest(open, scanned); }));
}

Result<PurgeReceipt> purge(const std::filesystem::path& folder, Store& store, const VisitRow& visit) {
  AccessLog log = must(AccessLog::open(folder, store.spool.keys().service_key(), store.journal));
  Reserve reserve(folder, 1024 * 1024);
  Purger purger(store.journal, store.spool, log, reserve);
  PurgeOrder order{visit, "closed", "2026-11-24T06:00:00.000Z", {}};
  order.who.peer = "uid:1000";
  order.who.action = "visit.close";
  return purger.purge(order, [](Journal& open, const PurgeReceipt& receipt) {
    protocol::Event event;
    event.type = "visit.closed";
    event.visit = receipt.visit.visit.value;
    return open.append(event);
  });
}

/// What a start does with visits that are closed and not purged.
void finish_purges(const std::filesystem::path& folder) {
  Store store(folder);
  for (const VisitRow& visit : must(store.journal.unpurged_visits())) {
    must(purge(folder, store, visit));
  }
}

/// Files below `folder` that hold `text`.
std::vector<std::string> files_with(const std::filesystem::path& folder, const std::string& text) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const bool in_name = entry.path().filename().string().find(text) != std::string::npos;
    if (in_name || (entry.is_regular_file() && file_text(entry.path()).find(text) != std::string::npos)) {
      found.push_back(entry.path().filename());
    }
  }
  return found;
}

class PurgeTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
};

TEST_F(PurgeTest, BeforeItTheMarksAreThereSoThatTheSearchIsWorthSomething) {
  Store store(folder_.path());
  Scanned scanned;
  scan(store, scanned);
  for (const std::string& mark : scanned.marks()) {
    EXPECT_THAT(files_with(folder_.path(), mark), Not(IsEmpty())) << mark;
  }
}

TEST_F(PurgeTest, LeavesCountersAReceiptAndNothingElse) {
  Store store(folder_.path());
  Scanned scanned;
  scan(store, scanned);
  const std::string key = must(store.journal.keys()).at(0).second;
  const PurgeReceipt receipt = must(purge(folder_.path(), store, scanned.sample.visit));
  EXPECT_EQ(receipt.visit.counters.pages, 3);
  EXPECT_EQ(receipt.visit.counters.documents, 1);
  EXPECT_EQ(receipt.visit.counters.bytes, 3 * (kPageBytes + 1000));
  EXPECT_EQ(receipt.n, 1U);
  for (const std::string& mark : scanned.marks()) {
    EXPECT_THAT(files_with(folder_.path(), mark), IsEmpty()) << mark << " while the journal is open";
  }
  EXPECT_THAT(files_with(folder_.path(), key), IsEmpty()) << "the wrapped key";
  EXPECT_THAT(file_text(folder_ / "access.log"), HasSubstr(scanned.sample.visit.visit.value));
  EXPECT_THAT(file_text(folder_ / "access.log"), HasSubstr(receipt.hash));
  const VisitRow left = must(store.journal.visit(scanned.sample.visit.visit)).value();
  EXPECT_TRUE(left.purged && !left.open);
  EXPECT_EQ(left.close_reason, "closed");
}

TEST_F(PurgeTest, EventsKeepTheirNumbersSoThatAReplayHasNoGap) {
  Store store(folder_.path());
  Scanned scanned;
  scan(store, scanned);
  must(purge(folder_.path(), store, scanned.sample.visit));
  const std::uint64_t newest = store.journal.last_sequence();
  EXPECT_EQ(newest, 4U);
  EXPECT_THAT(files_with(folder_ / "spool", ""), IsEmpty());
}

TEST_F(PurgeTest, TheNeighbourStaysWhole) {
  Store store(folder_.path());
  Scanned gone;
  Scanned stays;
  scan(store, gone);
  scan(store, stays);
  must(purge(folder_.path(), store, gone.sample.visit));
  for (const CaptureRow& capture : stays.sample.captures) {
    EXPECT_EQ(must(store.spool.read({capture.visit, capture.capture.value, "raw"}, 0, kPageBytes)),
              some_bytes(kPageBytes));
  }
  EXPECT_EQ(must(store.journal.captures(stays.sample.visit.visit, std::nullopt)).size(), 3U);
  EXPECT_TRUE(must(store.journal.has_consent(stays.sample.visit.visit, "id_card_image")));
}

TEST_F(PurgeTest, CountsTheVisitInTheUsageOfItsDayWhichNamesNoVisit) {
  Store store(folder_.path());
  Scanned scanned;
  scan(store, scanned);
  must(purge(folder_.path(), store, scanned.sample.visit));
  must(purge(folder_.path(), store, must(store.journal.visit(scanned.sample.visit.visit)).value()));
  std::int64_t pages = 0;
  std::int64_t visits = 0;
  for (const protocol::UsageRow& row : must(store.journal.usage("2000-01-01", "2999-12-31"))) {
    pages += row.measure == "pages" ? row.value : 0;
    visits += row.measure == "visits" ? row.value : 0;
    EXPECT_EQ((row.measure + row.label).find(scanned.sample.visit.visit.value), std::string::npos);
  }
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(visits, 1) << "purged again it is no second visit";
}

/// Every table with a column that names a visit or what is in one must be dealt with by a purge; a new one has to be
/// added to kErasures and here. The tables of usage are not among them and stay: they name nobody
/// (UsageTest.ItsTablesHaveTheseColumnsAndNoOther).
TEST_F(PurgeTest, EveryTableThatKnowsAVisitIsKnownHere) {
  must(Journal::open(folder_ / "journal.db"));
  sqlite3* raw = nullptr;
  ASSERT_EQ(::sqlite3_open((folder_ / "journal.db").c_str(), &raw), SQLITE_OK);
  std::set<std::string> tables;
  const auto take = [](void* into, int, char** values, char**) {
    static_cast<std::set<std::string>*>(into)->insert(values[0]);
    return 0;
  };
  ::sqlite3_exec(raw,
                 "SELECT DISTINCT m.name FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c"
                 " WHERE m.type = 'table' AND c.name IN ('visit', 'capture', 'document', 'owner', 'job')",
                 take, &tables, nullptr);
  ::sqlite3_close(raw);
  EXPECT_EQ(tables,
            (std::set<std::string>{"visit", "visit_key", "consent", "job", "capture", "rendition", "document",
                                   "document_revision", "generation", "request", "event", "visit_access", "print"}));
}

TEST_F(PurgeTest, KilledBeforeAnyCallThatChangesTheDiskTheNextStartFinishesIt) {
  int kill_points = 0;
  int unreadable_before_done = 0;
  Scanned scanned;
  {
    Store store(folder_.path());
    scan(store, scanned);
  }
  for (bool survived = false; !survived && !HasFailure(); ++kill_points) {
    const TemporaryFolder folder;
    std::filesystem::copy(folder_.path(), folder.path(), std::filesystem::copy_options::recursive);
    const std::string end = in_a_child([&] {
      Store store(folder.path());
      die_before_disk_call(kill_points + 1);
      must(purge(folder.path(), store, scanned.sample.visit));
      die_before_disk_call(0);
      return std::string("survived");
    });
    survived = end == "survived";
    ASSERT_TRUE(survived || end == "signal 9") << end;
    SCOPED_TRACE("killed before disk call " + std::to_string(kill_points + 1));
    finish_purges(folder.path());
    Store store(folder.path());
    const VisitRow row = must(store.journal.visit(scanned.sample.visit.visit)).value();
    std::int64_t counted = 0;
    for (const protocol::UsageRow& usage : must(store.journal.usage("2000-01-01", "2999-12-31"))) {
      counted += usage.measure == "visits" ? usage.value : 0;
    }
    EXPECT_EQ(counted, row.open ? 0 : 1) << "a visit counts once, whenever quayd dies";
    if (row.open) {
      EXPECT_EQ(must(store.spool.read({row.visit, scanned.sample.captures[0].capture.value, "raw"}, 0, kPageBytes)),
                some_bytes(kPageBytes))
          << "nothing happened, so everything is there";
      continue;
    }
    ++unreadable_before_done;
    EXPECT_TRUE(row.purged);
    EXPECT_EQ(row.counters.documents, 1);
    for (const std::string& mark : scanned.marks()) {
      EXPECT_THAT(files_with(folder.path(), mark), IsEmpty()) << mark;
    }
  }
  EXPECT_GT(kill_points, 20) << "the calls are not seen";
  EXPECT_GT(unreadable_before_done, 10);
}

TEST_F(PurgeTest, WorksOnADiskThatIsFull) {
  const std::string story = in_a_child([&]() -> std::string {
    make_disk_small(folder_.path(), 4'000'000);
    Store store(folder_.path());
    Reserve reserve(folder_.path(), 1024 * 1024);
    Scanned scanned;
    scan(store, scanned);
    must(store.journal.scrub());
    std::ofstream ballast(folder_ / "ballast");
    const std::string block(4096, 'x');
    while (ballast.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
    const auto full = store.spool.write({scanned.sample.visit.visit, random_uuid(), "raw"}, some_bytes(100'000));
    const auto purged = purge(folder_.path(), store, scanned.sample.visit);
    return verdict(full).substr(0, 10) + " " + verdict(purged);
  });
  EXPECT_EQ(story, "spool.full ok");
}

}  // namespace
}  // namespace quay::daemon::storage
