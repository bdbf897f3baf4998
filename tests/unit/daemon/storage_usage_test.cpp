// SPDX-License-Identifier: Apache-2.0
// A visit's rows become numbers of its day when they go, and the citizens of a day become their number when it is over.
// Runs in the program that can be killed before each call that changes the disk (storage_syscalls.hpp).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdlib>
#include <ctime>
#include <set>

#include "base/clock.hpp"
#include "crypto/derive.hpp"
#include "daemon/storage/citizen_count.hpp"
#include "tests/unit/daemon/storage_support.hpp"
#include "tests/unit/daemon/storage_syscalls.hpp"

namespace quay::daemon::storage {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kDay = "2026-11-24";
constexpr const char* kNumber = "001234567890";

std::int64_t value(Journal& journal, const std::string& measure, const std::string& label = {},
                   const std::string& day = kDay) {
  for (const protocol::UsageRow& row : must(journal.usage(day, day))) {
    if (row.measure == measure && row.label == label) {
      return row.value;
    }
  }
  return -1;
}

protocol::Event event_of(const VisitId& visit, const std::string& type, const protocol::json::object& data) {
  protocol::Event event;
  event.type = type;
  event.at = "2026-11-24T05:10:00.000Z";
  event.visit = visit.value;
  event.data = data;
  return event;
}

/// Three pages of a feeder: one bad and set aside, one replaced in the document by a new one.
SampleVisit keep_visit(Journal& journal) {
  SampleVisit sample = sample_visit(3);
  sample.visit.open = false;
  sample.visit.closed_at = "2026-11-24T05:15:00.000Z";
  sample.visit.close_reason = "closed";
  sample.job.state = protocol::JobState::failed;
  sample.job.error = R"({"code":"paper.jam"})";
  sample.job.arguments = R"({"settings":{"source":"adf_duplex"}})";
  must(keep(journal, sample));
  const auto page_json = [](const CaptureRow& capture) {
    return R"([{"page":1,"capture":")" + capture.capture.value + R"("}])";
  };
  must(journal.transact([&](Journal& open) -> Status {
    RenditionRow page{sample.captures[0].capture.value, {}, R"({"quality":[{"code":"blur"},{"code":"glare"}]})"};
    page.info.rendition = "page";
    page.info.bytes = 5000;
    RenditionRow preview{sample.captures[0].capture.value, {}, ""};
    preview.info.rendition = "preview";
    preview.info.bytes = 900;
    const DocumentId document{random_uuid()};
    const DocumentRow current{document, sample.visit.visit, 2};
    for (const Status& put : {open.put(page), open.put(preview), open.set_discarded(sample.captures[0].capture, true),
                              open.put(current), open.put(RevisionRow{document, 1, 0, page_json(sample.captures[1])}),
                              open.put(RevisionRow{document, 2, 1, page_json(sample.captures[2])})}) {
      if (!put) {
        return put;
      }
    }
    return {};
  }));
  return sample;
}

class UsageTest : public testing::Test {
 protected:
  UsageTest() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
  }
  std::vector<std::string> files_with(const std::string& text) const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      if (entry.is_regular_file() && file_text(entry.path()).find(text) != std::string::npos) {
        found.push_back(entry.path().filename());
      }
    }
    return found;
  }
  /// What stands in the journal for that citizen on that day.
  static std::string mark_of(Store& store, const std::string& day, const std::string& number) {
    const std::string wrapped = must(store.journal.day_key(day)).value();
    return must(crypto::hmac_hex(must(store.spool.keys().open_day(day, wrapped)).bytes(), number));
  }

  static void note(Store& store, const std::string& day, const std::string& number) {
    must(store.journal.transact([&](Journal& open) { return note_citizen(open, store.spool.keys(), day, number); }));
  }

  TemporaryFolder folder_;
};

TEST_F(UsageTest, AVisitsRowsAreReadAsWhatTheyWere) {
  Journal journal = must(Journal::open(folder_ / "journal.db"));
  const SampleVisit sample = keep_visit(journal);
  must(journal.transact([&](Journal& open) { return open.count_visit(sample.visit); }));
  EXPECT_EQ(value(journal, "visits", "done"), 1);
  EXPECT_EQ(value(journal, "pages", "adf_duplex"), 3);
  EXPECT_EQ(value(journal, "rescans", "blur"), 1) << "the first of what was wrong";
  EXPECT_EQ(value(journal, "rescans", "unknown"), 1) << "the page that was replaced";
  EXPECT_EQ(value(journal, "bytes_in"), 3 * 26'000'000);
  EXPECT_EQ(value(journal, "bytes_out"), 5000) << "a preview is no result";
  EXPECT_EQ(value(journal, "failures", "counter-1/paper.jam"), 1);
  EXPECT_EQ(value(journal, "visit_seconds", "0/0/300"), 1);
}

TEST_F(UsageTest, TheEventLogSaysWhatTheTimeWentInto) {
  Journal journal = must(Journal::open(folder_ / "journal.db"));
  SampleVisit sample = sample_visit(1);
  sample.visit.opened_at = rfc3339(std::chrono::system_clock::now() - std::chrono::seconds(100));
  must(keep(journal, sample));
  const std::string job = sample.job.job.value;
  const std::string page = sample.captures[0].capture.value;
  must(journal.transact([&](Journal& open) -> Status {
    Status done;
    for (auto& event : {event_of(sample.visit.visit, "job.started", {{"job", job}, {"kind", "scan"}}),
                        event_of(sample.visit.visit, "job.started", {{"job", "print-1"}, {"kind", "print"}}),
                        event_of(sample.visit.visit, "capture.captured", {{"job", job}, {"capture", page}}),
                        event_of(sample.visit.visit, "capture.ready", {{"job", job}, {"capture", page}}),
                        event_of(sample.visit.visit, "job.finished", {{"job", job}, {"kind", "scan"}})}) {
      protocol::Event kept = event;
      done = done ? open.append(kept) : done;
    }
    return done;
  }));
  // The steps came within a moment of now, so all that follows is people's time; the print is no capture that goes on.
  sample.visit.closed_at = rfc3339(std::chrono::system_clock::now() + std::chrono::seconds(100));
  sample.visit.close_reason = "closed";
  must(journal.transact([&](Journal& open) { return open.count_visit(sample.visit); }));
  const auto rows = must(journal.usage("2000-01-01", "2999-12-31"));
  std::int64_t capture = -1;
  for (const protocol::UsageRow& row : rows) {
    if (row.measure == "visit_seconds") {
      capture = std::stoll(row.label);
    }
  }
  EXPECT_GE(capture, 0);
  EXPECT_LT(capture, 90) << "a print that was never over would be 100 seconds of capture";
}

TEST_F(UsageTest, VisitsOfADayAddUpAndItsFirstAndLastMinuteAreKept) {
  Journal journal = must(Journal::open(folder_ / "journal.db"));
  for (const char* closed : {"2026-11-24T05:15:00.000Z", "2026-11-24T05:40:00.000Z", "2026-11-24T05:20:00.000Z"}) {
    SampleVisit sample = sample_visit(1);
    sample.visit.closed_at = closed;
    sample.visit.close_reason = "closed";
    sample.job.arguments = "no JSON";
    must(keep(journal, sample));
    must(journal.transact([&](Journal& open) { return open.count_visit(sample.visit); }));
  }
  EXPECT_EQ(value(journal, "visits", "done"), 3);
  EXPECT_EQ(value(journal, "pages", "automatic"), 3) << "what cannot be read costs the detail, not the count";
  EXPECT_EQ(value(journal, "closed_minute") - value(journal, "opened_minute"), 30);
}

/// Usage outlives visits because nothing in it is of one: a column that named a visit, a page or a person would be
/// seen.
TEST_F(UsageTest, ItsTablesHaveTheseColumnsAndNoOther) {
  must(Journal::open(folder_ / "journal.db"));
  sqlite3* raw = nullptr;
  ASSERT_EQ(::sqlite3_open((folder_ / "journal.db").c_str(), &raw), SQLITE_OK);
  std::set<std::string> columns;
  const auto take = [](void* into, int, char** values, char**) {
    static_cast<std::set<std::string>*>(into)->insert(values[0]);
    return 0;
  };
  ::sqlite3_exec(raw,
                 "SELECT m.name || '.' || c.name FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c"
                 " WHERE m.type = 'table' AND m.name LIKE 'usage%'",
                 take, &columns, nullptr);
  ::sqlite3_close(raw);
  EXPECT_EQ(columns, (std::set<std::string>{"usage.day", "usage.measure", "usage.label", "usage.value", "usage_key.day",
                                            "usage_key.wrapped", "usage_citizen.day", "usage_citizen.mark"}));
}

TEST_F(UsageTest, ACitizenCountsOnceADayAndADayUnderWayIsToldAsItStands) {
  Store store(folder_.path());
  note(store, kDay, kNumber);
  note(store, kDay, kNumber);
  note(store, kDay, "001234567891");
  EXPECT_EQ(value(store.journal, "citizens"), 2);
  EXPECT_THAT(files_with(kNumber), IsEmpty()) << "the number itself is nowhere";
  EXPECT_THAT(must(close_other_days(store.journal, kDay)), false) << "today goes on";
}

TEST_F(UsageTest, AfterMidnightNeitherTheKeyNorAMarkIsInTheFilesOnlyTheirNumber) {
  Store store(folder_.path());
  note(store, kDay, kNumber);
  note(store, kDay, "001234567891");
  note(store, "2026-11-23", kNumber);
  const std::string key = must(store.journal.day_key(kDay)).value();
  const std::vector<std::string> known{mark_of(store, kDay, kNumber), mark_of(store, kDay, "001234567891"),
                                       mark_of(store, "2026-11-23", kNumber)};
  ASSERT_THAT(files_with(key), Not(IsEmpty())) << "the search is worth something";
  ASSERT_THAT(files_with(known[0]), Not(IsEmpty()));
  EXPECT_NE(known[0], known[2]) << "the same citizen is another mark on another day";

  EXPECT_TRUE(must(close_other_days(store.journal, "2026-11-25")));
  EXPECT_THAT(files_with(key), IsEmpty());
  for (const std::string& mark : known) {
    EXPECT_THAT(files_with(mark), IsEmpty());
  }
  EXPECT_EQ(value(store.journal, "citizens"), 2);
  EXPECT_EQ(value(store.journal, "citizens", {}, "2026-11-23"), 1);
  EXPECT_FALSE(must(close_other_days(store.journal, "2026-11-25")));
  EXPECT_EQ(value(store.journal, "citizens"), 2) << "closed once";
}

TEST_F(UsageTest, UnderAnotherServiceKeyTheDayIsClosedAndBegunAnew) {
  Store store(folder_.path());
  note(store, kDay, kNumber);
  const KeyRing other(must(ServiceKey::random()));
  must(store.journal.transact([&](Journal& open) { return note_citizen(open, other, kDay, "001234567891"); }));
  EXPECT_EQ(value(store.journal, "citizens"), 2) << "one that is counted already, one that is marked";
  EXPECT_FALSE(store.spool.keys().open_day(kDay, must(store.journal.day_key(kDay)).value())) << "the other's key";
}

TEST_F(UsageTest, KilledBeforeAnyCallThatChangesTheDiskADayIsClosedExactlyOnce) {
  std::string key;
  std::vector<std::string> known;
  {
    Store store(folder_.path());
    note(store, kDay, kNumber);
    note(store, kDay, "001234567891");
    key = must(store.journal.day_key(kDay)).value();
    known = {mark_of(store, kDay, kNumber)};
  }
  int kill_points = 0;
  for (bool survived = false; !survived && !HasFailure(); ++kill_points) {
    const TemporaryFolder folder;
    std::filesystem::copy(folder_.path(), folder.path(), std::filesystem::copy_options::recursive);
    const std::string end = in_a_child([&] {
      Store store(folder.path());
      die_before_disk_call(kill_points + 1);
      must(close_other_days(store.journal, "2026-11-25"));
      die_before_disk_call(0);
      return std::string("survived");
    });
    survived = end == "survived";
    ASSERT_TRUE(survived || end == "signal 9") << end;
    SCOPED_TRACE("killed before disk call " + std::to_string(kill_points + 1));
    {
      Store store(folder.path());
      must(close_other_days(store.journal, "2026-11-25"));
      EXPECT_EQ(value(store.journal, "citizens"), 2);
    }
    const std::string bytes = file_text(folder / "journal.db") + file_text(folder / "journal.db-wal");
    EXPECT_EQ(bytes.find(key), std::string::npos);
    EXPECT_EQ(bytes.find(known[0]), std::string::npos);
  }
  EXPECT_GT(kill_points, 4) << "the calls are not seen";
}

}  // namespace
}  // namespace quay::daemon::storage
