// SPDX-License-Identifier: Apache-2.0
// The journal on a healthy disk: what is put comes back, events are numbered without a gap, failed changes leave no
// trace. Faults are in storage_journal_fault_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <limits>

#include "tests/unit/daemon/storage_support.hpp"

namespace quay::daemon::storage {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class JournalTest : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_ / "journal.db"; }
  Journal open() const { return must(Journal::open(file())); }

  TemporaryFolder folder_;
};

std::vector<std::string> ids(const std::vector<CaptureRow>& rows) {
  std::vector<std::string> list;
  for (const CaptureRow& row : rows) {
    list.push_back(row.capture.value);
  }
  return list;
}
TEST_F(JournalTest, ANewJournalIsForTheServiceOnlyAndHasAnIdAndNoEvents) {
  const Journal journal = open();
  EXPECT_TRUE(is_uuid(journal.id()));
  EXPECT_EQ(journal.last_sequence(), 0U);
  struct stat status {};
  ASSERT_EQ(::stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}
TEST_F(JournalTest, AFileThatOthersMayReadIsMadePrivateWhenOpened) {
  open();
  ASSERT_EQ(::chmod(file().c_str(), 0644), 0);
  Journal journal = open();
  must(keep_event(journal, "system.started"));
  struct stat status {};
  ASSERT_EQ(::stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  ASSERT_EQ(::stat((file().string() + "-wal").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}
TEST_F(JournalTest, KeepsItsIdItsEventsAndTheirNumbersWhenOpenedAgain) {
  std::string id;
  {
    Journal journal = open();
    id = journal.id();
    must(keep_event(journal, "capture.captured"));
    must(keep_event(journal, "job.started"));
  }
  Journal journal = open();
  EXPECT_EQ(journal.id(), id);
  EXPECT_EQ(journal.last_sequence(), 2U);
  const protocol::Event next = must(keep_event(journal, "capture.ready"));
  EXPECT_EQ(next.seq, 3U);
  EXPECT_EQ(next.prev, 1U);
  EXPECT_EQ(next.journal, id);
}
TEST_F(JournalTest, NumbersEventsAndNamesThePreviousOneOfTheSameTopicRoot) {
  Journal journal = open();
  const protocol::Event first = must(keep_event(journal, "capture.captured"));
  const protocol::Event other = must(keep_event(journal, "job.started"));
  const protocol::Event second = must(keep_event(journal, "capture.ready"));
  EXPECT_EQ(first.seq, 1U);
  EXPECT_EQ(first.prev, 0U);
  EXPECT_EQ(other.prev, 0U);
  EXPECT_EQ(second.seq, 3U);
  EXPECT_EQ(second.prev, 1U);
}
TEST_F(JournalTest, GivesEventsBackAsTheyWereSent) {
  Journal journal = open();
  const protocol::Event event = must(keep_event(journal, "capture.ready"));
  EXPECT_THAT(must(journal.events(1, 10)).texts, ElementsAre(protocol::encode(event)));
}
TEST_F(JournalTest, GivesEventsFromANumberOnOldestFirstAndNoMoreThanAsked) {
  Journal journal = open();
  for (int i = 0; i < 5; ++i) {
    must(keep_event(journal, "job.started"));
  }
  const std::vector<std::string> two = must(journal.events(3, 2)).texts;
  ASSERT_EQ(two.size(), 2U);
  EXPECT_THAT(two[0], HasSubstr("\"seq\":3,"));
  EXPECT_THAT(two[1], HasSubstr("\"seq\":4,"));
  EXPECT_EQ(must(journal.events(0, 100)).texts.size(), 5U);
  EXPECT_TRUE(must(journal.events(6, 100)).texts.empty());
}

TEST_F(JournalTest, TakesAbsurdReplayBoundsForAnEmptyAnswer) {
  Journal journal = open();
  must(keep_event(journal, "job.started"));
  EXPECT_TRUE(must(journal.events(std::numeric_limits<std::uint64_t>::max(), 100)).texts.empty());
  EXPECT_TRUE(must(journal.events(0, 0)).texts.empty());
  EXPECT_TRUE(must(journal.events(0, -1)).texts.empty());
}

TEST_F(JournalTest, AFailedChangeLeavesNothingAndItsNumbersAreGivenAgain) {
  Journal journal = open();
  const SampleVisit sample = sample_visit(1);
  const Status changed = journal.transact([&](Journal& inside) -> Status {
    must(Result<int>(inside.put(sample.visit) ? 1 : 0));
    protocol::Event event;
    event.type = "visit.opened";
    if (Status kept = inside.append(event); !kept) {
      return kept;
    }
    return failure(Errc::visit_closed, "test", "changed my mind");
  });
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, Errc::visit_closed);
  EXPECT_EQ(journal.last_sequence(), 0U);
  EXPECT_FALSE(must(journal.visit(sample.visit.visit)));
  EXPECT_TRUE(must(journal.events(0, 10)).texts.empty());
  const protocol::Event next = must(keep_event(journal, "visit.opened"));
  EXPECT_EQ(next.seq, 1U);
  EXPECT_EQ(next.prev, 0U);
}

TEST_F(JournalTest, WritesOutsideATransactionAreRefused) {
  Journal journal = open();
  const SampleVisit sample = sample_visit(1);
  protocol::Event event;
  event.type = "visit.opened";
  DocumentRow document;
  for (const Status& status :
       {journal.put(sample.visit), journal.put(sample.job), journal.put(sample.captures[0]),
        journal.put(RenditionRow{}), journal.put(document), journal.put(RequestRow{}), journal.append(event),
        journal.add_visit_key(sample.visit.visit, "uid:0", "k"), journal.revoke_visit_keys(sample.visit.visit)}) {
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, Errc::bug);
  }
  EXPECT_EQ(journal.last_sequence(), 0U);
}

TEST_F(JournalTest, TransactionsDoNotNest) {
  Journal journal = open();
  const SampleVisit sample = sample_visit(0);
  const Status outer = journal.transact([&](Journal& inside) { return keep(inside, sample); });
  ASSERT_FALSE(outer);
  EXPECT_EQ(outer.error().code, Errc::journal_failed);
  EXPECT_TRUE(keep(journal, sample)) << "the journal must still work";
}

TEST_F(JournalTest, AVisitComesBackAsItWasPutAndCanBeClosed) {
  Journal journal = open();
  SampleVisit sample = sample_visit(0);
  ASSERT_TRUE(keep(journal, sample));
  EXPECT_EQ(must(journal.open_visits()).size(), 1U);
  sample.visit.open = false;
  ASSERT_TRUE(keep(journal, sample));
  const VisitRow visit = must(journal.visit(sample.visit.visit)).value();
  EXPECT_EQ(visit.visit, sample.visit.visit);
  EXPECT_FALSE(visit.open);
  EXPECT_EQ(visit.opened_at, sample.visit.opened_at);
  EXPECT_TRUE(must(journal.open_visits()).empty());
}

TEST_F(JournalTest, AJobComesBackAsItWasPut) {
  Journal journal = open();
  SampleVisit sample = sample_visit(0);
  sample.job.error = R"({"code":"paper.jam","vi":"Kẹt giấy: mở nắp máy"})";
  ASSERT_TRUE(keep(journal, sample));
  const JobRow job = must(journal.job(sample.job.job)).value();
  EXPECT_EQ(job.visit, sample.job.visit);
  EXPECT_EQ(job.device, sample.job.device);
  EXPECT_EQ(job.kind, sample.job.kind);
  EXPECT_EQ(job.state, protocol::JobState::running);
  EXPECT_EQ(job.arguments, sample.job.arguments);
  EXPECT_EQ(job.error, sample.job.error);
  EXPECT_EQ(job.created_at, sample.job.created_at);
}

TEST_F(JournalTest, OnlyQueuedAndRunningJobsAreUnfinished) {
  Journal journal = open();
  using enum protocol::JobState;
  std::vector<std::string> unfinished;
  for (const protocol::JobState state : {running, done, queued, failed, cancelled, interrupted}) {
    SampleVisit sample = sample_visit(0);
    sample.job.state = state;
    ASSERT_TRUE(keep(journal, sample));
    if (state == queued || state == running) {
      unfinished.push_back(sample.job.job.value);
    }
  }
  std::vector<std::string> found;
  for (const JobRow& job : must(journal.unfinished_jobs())) {
    found.push_back(job.job.value);
  }
  EXPECT_EQ(found, unfinished);
}

TEST_F(JournalTest, ACaptureComesBackAsItWasPut) {
  Journal journal = open();
  SampleVisit sample = sample_visit(1);
  CaptureRow& put = sample.captures[0];
  put.state = protocol::CaptureState::failed;
  put.error = "{}";
  put.raw_bytes = std::uint64_t{1} << 40U;
  ASSERT_TRUE(keep(journal, sample));
  const CaptureRow got = must(journal.capture(put.capture)).value();
  EXPECT_EQ(got.visit, put.visit);
  EXPECT_EQ(got.job, put.job);
  EXPECT_EQ(got.device, put.device);
  EXPECT_EQ(got.page, put.page);
  EXPECT_EQ(got.state, put.state);
  EXPECT_EQ(got.profile, put.profile);
  EXPECT_EQ(got.geometry, put.geometry);
  EXPECT_EQ(got.adjusted, put.adjusted);
  EXPECT_EQ(got.raw_bytes, put.raw_bytes);
  EXPECT_EQ(got.raw_sha256, put.raw_sha256);
  EXPECT_EQ(got.error, put.error);
}

TEST_F(JournalTest, CapturesComeByJobInTheOrderOfJobsThenByPage) {
  Journal journal = open();
  SampleVisit first = sample_visit(2);
  SampleVisit second = sample_visit(2);
  second.visit = first.visit;
  second.job.visit = first.visit.visit;
  for (CaptureRow& capture : second.captures) {
    capture.visit = first.visit.visit;
  }
  std::swap(first.captures[0], first.captures[1]);  // page 2 is put before page 1
  ASSERT_TRUE(keep(journal, first));
  ASSERT_TRUE(keep(journal, second));
  EXPECT_THAT(ids(must(journal.captures(first.visit.visit, std::nullopt))),
              ElementsAre(first.captures[1].capture.value, first.captures[0].capture.value,
                          second.captures[0].capture.value, second.captures[1].capture.value));
  EXPECT_THAT(ids(must(journal.captures(first.visit.visit, second.job.job))),
              ElementsAre(second.captures[0].capture.value, second.captures[1].capture.value));
  EXPECT_TRUE(must(journal.captures(VisitId{random_uuid()}, std::nullopt)).empty());
}

TEST_F(JournalTest, ACaptureIsUnprocessedUntilItIsReadyOrFailed) {
  Journal journal = open();
  SampleVisit sample = sample_visit(3);
  sample.captures[0].state = protocol::CaptureState::ready;
  sample.captures[2].state = protocol::CaptureState::failed;
  ASSERT_TRUE(keep(journal, sample));
  EXPECT_THAT(ids(must(journal.unprocessed_captures())), ElementsAre(sample.captures[1].capture.value));
}

RenditionRow sample_rendition(const std::string& owner, const std::string& name) {
  RenditionRow row;
  row.owner = owner;
  row.info.rendition = name;
  row.info.media_type = "application/pdf";
  row.info.bytes = 84'321;
  row.info.sha256 = std::string(64, 'b');
  row.info.width = 2480;
  row.info.height = 3508;
  row.info.dpi = 300;
  row.info.width_mm = 209.97;
  row.info.height_mm = 297.01;
  row.report = R"({"skew_deg":-0.4})";
  return row;
}

TEST_F(JournalTest, RenditionsComeBackAsTheyWerePutAndByName) {
  Journal journal = open();
  const std::string owner = random_uuid();
  const RenditionRow put = sample_rendition(owner, "page");
  ASSERT_TRUE(journal.transact([&](Journal& inside) {
    const Status page = inside.put(put);
    return page ? inside.put(sample_rendition(owner, "preview")) : page;
  }));
  const RenditionRow got = must(journal.rendition(owner, "page")).value();
  EXPECT_EQ(got.info.media_type, put.info.media_type);
  EXPECT_EQ(got.info.bytes, put.info.bytes);
  EXPECT_EQ(got.info.sha256, put.info.sha256);
  EXPECT_EQ(got.info.width, put.info.width);
  EXPECT_EQ(got.info.height, put.info.height);
  EXPECT_EQ(got.info.dpi, put.info.dpi);
  EXPECT_EQ(got.info.width_mm, put.info.width_mm);
  EXPECT_EQ(got.info.height_mm, put.info.height_mm);
  EXPECT_EQ(got.report, put.report);
  EXPECT_EQ(must(journal.renditions(owner)).size(), 2U);
  EXPECT_FALSE(must(journal.rendition(owner, "document")));
}

TEST_F(JournalTest, WhatIsNotThereIsNothingAndNotAnError) {
  Journal journal = open();
  EXPECT_FALSE(must(journal.visit(VisitId{"x"})));
  EXPECT_FALSE(must(journal.job(JobId{"x"})));
  EXPECT_FALSE(must(journal.capture(CaptureId{"x"})));
  EXPECT_FALSE(must(journal.document(DocumentId{"x"})));
  EXPECT_FALSE(must(journal.request("uid:0", RequestId{"x"})));
  EXPECT_TRUE(must(journal.renditions("x")).empty());
}

TEST_F(JournalTest, TextIsDataWhateverItHolds) {
  Journal journal = open();
  SampleVisit sample = sample_visit(0);
  sample.job.arguments = std::string("'; DROP TABLE job; -- \0 ễ", 26);
  ASSERT_TRUE(keep(journal, sample));
  EXPECT_EQ(must(journal.job(sample.job.job)).value().arguments, sample.job.arguments);
}

TEST_F(JournalTest, ARowThatNamesWhatIsNotThereIsRefusedInSqlitesWords) {
  Journal journal = open();
  const SampleVisit sample = sample_visit(1);
  const Status put = journal.transact([&](Journal& inside) { return inside.put(sample.job); });
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, Errc::journal_failed);
  EXPECT_EQ(put.error().native.api, "SQLite");
  EXPECT_EQ(put.error().native.name, "FOREIGN KEY constraint failed");
  EXPECT_FALSE(must(journal.job(sample.job.job)));
}

TEST_F(JournalTest, TheSpoolIndexNamesEveryObjectThatHasARow) {
  Journal journal = open();
  const SampleVisit sample = sample_visit(2);
  SampleVisit closed = sample_visit(0);
  closed.visit.open = false;
  ASSERT_TRUE(keep(journal, sample));
  ASSERT_TRUE(keep(journal, closed));
  const std::string first = sample.captures[0].capture.value;
  const std::string second = sample.captures[1].capture.value;
  const DocumentRow document{DocumentId{random_uuid()}, sample.visit.visit};
  ASSERT_TRUE(journal.transact([&](Journal& inside) -> Status {
    for (const RenditionRow& row :
         {sample_rendition(first, "page"), sample_rendition(document.document.value, "document")}) {
      if (Status put = inside.put(row); !put) {
        return put;
      }
    }
    return inside.put(document);
  }));
  const SpoolIndex index = must(journal.spool_index());
  EXPECT_THAT(index.visits, ElementsAre(sample.visit.visit.value)) << "a closed visit without captures is not kept";
  EXPECT_THAT(index.owners, UnorderedElementsAre(first, second, document.document.value));
  EXPECT_THAT(index.objects, UnorderedElementsAre(first + ".raw", second + ".raw", first + ".page",
                                                  document.document.value + ".document"));
}

TEST_F(JournalTest, AnErasedVisitIsForgottenAndItsNeighbourIsNot) {
  Journal journal = open();
  const SampleVisit gone = sample_visit(2);
  const SampleVisit stays = sample_visit(1);
  ASSERT_TRUE(keep(journal, gone));
  ASSERT_TRUE(keep(journal, stays));
  const DocumentRow document{DocumentId{random_uuid()}, gone.visit.visit};
  ASSERT_TRUE(journal.transact([&](Journal& inside) -> Status {
    for (const std::string& owner :
         {gone.captures[0].capture.value, document.document.value, stays.captures[0].capture.value}) {
      if (Status put = inside.put(sample_rendition(owner, "page")); !put) {
        return put;
      }
    }
    return inside.put(document);
  }));

  ASSERT_TRUE(journal.erase_visit(gone.visit.visit));

  EXPECT_TRUE(must(journal.captures(gone.visit.visit, std::nullopt)).empty());
  EXPECT_FALSE(must(journal.document(document.document)));
  EXPECT_TRUE(must(journal.renditions(gone.captures[0].capture.value)).empty());
  EXPECT_TRUE(must(journal.renditions(document.document.value)).empty());
  EXPECT_EQ(must(journal.job(gone.job.job)).value().arguments, "");
  EXPECT_TRUE(must(journal.visit(gone.visit.visit)));
  EXPECT_EQ(must(journal.captures(stays.visit.visit, std::nullopt)).size(), 1U);
  EXPECT_EQ(must(journal.renditions(stays.captures[0].capture.value)).size(), 1U);
  EXPECT_EQ(must(journal.job(stays.job.job)).value().arguments, stays.job.arguments);
}

TEST_F(JournalTest, WhatIsErasedIsNotInTheClosedFile) {
  const std::string marker = "NGUYEN-VAN-MARKER";
  {
    Journal journal = open();
    SampleVisit sample = sample_visit(1);
    sample.captures[0].adjusted = marker;
    sample.job.arguments = marker;
    ASSERT_TRUE(keep(journal, sample));
    ASSERT_TRUE(journal.transact([&](Journal& inside) { return inside.erase_visit(sample.visit.visit); }));
  }
  EXPECT_EQ(std::filesystem::file_size(file().string() + "-wal"), 0U);
  EXPECT_EQ(file_text(file()).find(marker), std::string::npos);
}

TEST_F(JournalTest, AnIdleJournalMovesItsLogIntoTheDatabase) {
  Journal journal = open();
  for (int i = 0; i < 400; ++i) {
    must(keep_event(journal, "job.started", 3500));
  }
  const auto before = std::filesystem::file_size(file());
  ASSERT_TRUE(journal.checkpoint_when_idle());
  EXPECT_GT(std::filesystem::file_size(file()), before + 1'000'000);
  EXPECT_EQ(must(journal.events(0, 1000)).texts.size(), 400U);
}

TEST_F(JournalTest, TheLogStaysBoundedWhenThereIsNeverAnIdleMoment) {
  Journal journal = open();
  SampleVisit sample = sample_visit(0);
  std::vector<std::uint64_t> sizes;
  for (int i = 0; i < 40; ++i) {
    sample.job.arguments = std::string(1'000'000, static_cast<char>('a' + i % 26));
    ASSERT_TRUE(keep(journal, sample));
    sizes.push_back(std::filesystem::file_size(file().string() + "-wal"));
  }
  EXPECT_LT(*std::max_element(sizes.begin(), sizes.end()), 20'000'000U);
}

}  // namespace
}  // namespace quay::daemon::storage
