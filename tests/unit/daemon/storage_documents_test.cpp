// SPDX-License-Identifier: Apache-2.0
// Documents and generations in the journal, and the way of documents of the first schema into this one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/storage/database.hpp"
#include "daemon/storage/migrations.hpp"
#include "tests/unit/daemon/storage_support.hpp"

namespace quay::daemon::storage {
namespace {

using testing::ElementsAre;

class DocumentRowsTest : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_ / "journal.db"; }
  Journal open() const { return must(Journal::open(file())); }

  TemporaryFolder folder_;
};

TEST_F(DocumentRowsTest, ADocumentKeepsEveryRevisionAndPointsAtOne) {
  Journal journal = open();
  const SampleVisit sample = sample_visit(1);
  ASSERT_TRUE(keep(journal, sample));
  DocumentRow document{DocumentId{random_uuid()}, sample.visit.visit, 1, "H26-260101-0001", 7, "trial", "map", 5000};
  const auto put = [&](const RevisionRow& revision) {
    return journal.transact([&](Journal& inside) {
      document.revision = revision.revision;
      const Status done = inside.put(document);
      return done ? inside.put(revision) : done;
    });
  };
  ASSERT_TRUE(put({document.document, 1, 0, "[1]"}));
  ASSERT_TRUE(put({document.document, 2, 1, "[2]"}));
  EXPECT_FALSE(put({document.document, 2, 1, "[other]"})) << "a revision never changes";
  const DocumentRow read = must(journal.document(document.document)).value();
  EXPECT_EQ(read.visit, sample.visit.visit);
  EXPECT_EQ(read.revision, 2);
  EXPECT_EQ(read.code, "H26-260101-0001");
  EXPECT_EQ(read.ordinal, 7);
  EXPECT_EQ(read.portal, "trial");
  EXPECT_EQ(read.kind, "map");
  EXPECT_EQ(read.max_bytes, 5000U);
  EXPECT_EQ(must(journal.revision(document.document, 1)).value().pages, "[1]");
  EXPECT_EQ(must(journal.revision(document.document, 2)).value().pages, "[2]");
  EXPECT_FALSE(must(journal.revision(document.document, 3)));
  EXPECT_THAT(must(journal.revision_tree(document.document)), ElementsAre(std::pair(1, 0), std::pair(2, 1)));
  EXPECT_EQ(must(journal.documents(sample.visit.visit)).size(), 1U);
}

TEST_F(DocumentRowsTest, AGenerationWaitsUntilItIsMadeAndGoesWithItsVisit) {
  Journal journal = open();
  const SampleVisit sample = sample_visit(1);
  ASSERT_TRUE(keep(journal, sample));
  GenerationRow row{sample.captures[0].capture, 2, protocol::CaptureState::captured, "hoso", "{}", {}};
  const auto put = [&] { return journal.transact([&](Journal& inside) { return inside.put(row); }); };
  ASSERT_TRUE(put());
  EXPECT_EQ(must(journal.unprocessed_generations()).size(), 1U);
  row.state = protocol::CaptureState::ready;
  ASSERT_TRUE(put());
  EXPECT_TRUE(must(journal.unprocessed_generations()).empty());
  EXPECT_EQ(must(journal.generation(row.capture, 2)).value().state, protocol::CaptureState::ready);
  ASSERT_TRUE(journal.erase_visit(sample.visit.visit));
  EXPECT_TRUE(must(journal.generations(row.capture)).empty());
}

TEST_F(DocumentRowsTest, ADocumentOfTheFirstSchemaKeepsItsPagesInOrder) {
  {
    Database old = must(Database::open(file()));
    ASSERT_TRUE(migrate(old, 1));
    ASSERT_TRUE(old.execute(R"sql(
INSERT INTO visit(visit, open, opened_at) VALUES('v', 1, '');
INSERT INTO job(job, visit, device, kind, state, arguments, created_at) VALUES('j', 'v', 'd', 'scan', 'done', '', '');
INSERT INTO capture(capture, visit, job, device, page, state, profile, geometry, adjusted, raw_bytes, raw_sha256)
  VALUES('a', 'v', 'j', 'd', 1, 'ready', 'hoso', '{}', '[]', 1, ''), ('b', 'v', 'j', 'd', 2, 'ready', 'hoso', '{}', '[]', 1, '');
INSERT INTO document(document, visit) VALUES('doc', 'v'), ('other', 'v');
INSERT INTO document_page(document, position, capture) VALUES('doc', 1, 'a'), ('doc', 0, 'b'), ('doc', 2, 'b'), ('other', 0, 'a');
)sql"));
  }
  Journal journal = open();
  EXPECT_EQ(must(journal.document(DocumentId{"doc"})).value().revision, 1);
  EXPECT_EQ(must(journal.revision(DocumentId{"doc"}, 1)).value().pages,
            R"([{"page":1,"capture":"b","generation":1,"rotate_deg":0},)"
            R"({"page":2,"capture":"a","generation":1,"rotate_deg":0},)"
            R"({"page":3,"capture":"b","generation":1,"rotate_deg":0}])");
  EXPECT_THAT(must(journal.revision_tree(DocumentId{"other"})), ElementsAre(std::pair(1, 0)));
}

}  // namespace
}  // namespace quay::daemon::storage
