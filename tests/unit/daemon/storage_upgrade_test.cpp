// SPDX-License-Identifier: Apache-2.0
// A journal of the first schema under today's quayd: what was promised then still holds.
#include <gtest/gtest.h>

#include "daemon/storage/database.hpp"
#include "daemon/storage/migrations.hpp"
#include "tests/unit/daemon/storage_support.hpp"

namespace quay::daemon::storage {
namespace {

/// One open visit with two clean pages in a document, one closed visit, three events: as schema 1 kept them.
constexpr const char* kContent = R"sql(
INSERT INTO visit VALUES(1, 'v-open', 1, '2026-10-01T08:00:00.000Z'), (2, 'v-shut', 0, '2026-10-01T07:00:00.000Z');
INSERT INTO job VALUES(1, 'j-1', 'v-open', 'scanner-1', 'scan', 'done', '{}', NULL, '2026-10-01T08:00:01.000Z');
INSERT INTO capture VALUES
  (1, 'c-1', 'v-open', 'j-1', 'scanner-1', 1, 'ready', 'hoso', '{}', '[]', 1000, 'aa', NULL),
  (2, 'c-2', 'v-open', 'j-1', 'scanner-1', 2, 'captured', 'hoso', '{}', '[]', 2000, 'bb', NULL);
INSERT INTO rendition VALUES('c-1', 'page', 'application/pdf', 10, 'cc', 620, 877, 75, 210, 297, '{}');
INSERT INTO document VALUES(1, 'd-1', 'v-open');
INSERT INTO document_page VALUES('d-1', 0, 'c-2'), ('d-1', 1, 'c-1');
INSERT INTO request VALUES('wish', 'dd', 'j-1', '{}');
INSERT INTO event VALUES
  (1, '{"type":"visit.opened","at":"2026-10-01T08:00:00.000Z","visit":"v-open","seq":1}'),
  (2, '{"type":"capture.ready","at":"2026-10-01T08:00:02.000Z","visit":"v-open","seq":2}'),
  (3, '{"type":"device.changed","at":"2026-10-01T08:00:03.000Z","seq":3}');
INSERT INTO topic VALUES('visit.', 1), ('capture.', 2), ('device.', 3);
)sql";

class UpgradeTest : public testing::Test {
 protected:
  UpgradeTest() {
    Database first = must(Database::open(folder_ / "journal.db"));
    must(migrate(first, 1));
    must(first.execute(kContent));
  }
  Journal open() const { return must(Journal::open(folder_ / "journal.db")); }

  TemporaryFolder folder_;
};

TEST_F(UpgradeTest, KeepsEveryPageDocumentAndEventOfTheFirstSchema) {
  Journal journal = open();
  const std::vector<CaptureRow> pages = must(journal.captures(VisitId{"v-open"}, std::nullopt));
  ASSERT_EQ(pages.size(), 2U);
  EXPECT_EQ(pages[0].state, protocol::CaptureState::ready);
  EXPECT_TRUE(pages[0].raw_kept);
  EXPECT_FALSE(pages[0].discarded || pages[0].acknowledged_by);
  EXPECT_EQ(must(journal.unprocessed_captures()).size(), 1U) << "a page under way is finished by the new one";
  EXPECT_EQ(must(journal.rendition("c-1", "page"))->info.sha256, "cc");
  const RevisionRow list = must(journal.revision(DocumentId{"d-1"}, 1)).value();
  EXPECT_EQ(list.pages, R"([{"page":1,"capture":"c-2","generation":1,"rotate_deg":0},)"
                        R"({"page":2,"capture":"c-1","generation":1,"rotate_deg":0}])");
  EXPECT_EQ(journal.last_sequence(), 3U);
  EXPECT_EQ(must(journal.events(1, 10)).texts.size(), 3U);
  EXPECT_EQ(must(journal.events(1, 10, {"capture."})).texts.size(), 1U) << "topics of old events are known";
  EXPECT_EQ(must(journal.unacknowledged()).captures.size(), 2U);
}

TEST_F(UpgradeTest, AClosedVisitOfThenIsPurgedAndAnOpenOneIsNobodysAndWithoutAKey) {
  Journal journal = open();
  EXPECT_TRUE(must(journal.unpurged_visits()).empty());
  ASSERT_EQ(must(journal.open_visits()).size(), 1U);
  EXPECT_TRUE(must(journal.keys()).empty());
  EXPECT_FALSE(must(journal.visit_access(VisitId{"v-open"})));
}

TEST_F(UpgradeTest, TheNextEventGoesOnWithTheNextNumberAndASecondStartChangesNothing) {
  std::string id;
  {
    Journal journal = open();
    id = journal.id();
    const protocol::Event event = must(keep_event(journal, "capture.ready"));
    EXPECT_EQ(event.seq, 4U);
    EXPECT_EQ(event.prev, 2U);
  }
  Journal again = open();
  EXPECT_EQ(again.id(), id);
  EXPECT_EQ(again.last_sequence(), 4U);
  ASSERT_TRUE(again.erase_visit(VisitId{"v-open"})) << "and what it left can be purged";
  EXPECT_TRUE(must(again.captures(VisitId{"v-open"}, std::nullopt)).empty());
}

}  // namespace
}  // namespace quay::daemon::storage
