// SPDX-License-Identifier: Apache-2.0
// What the journal keeps of wishes and of the keys of visits.
#include <gtest/gtest.h>

#include "tests/unit/daemon/storage_support.hpp"

namespace quay::daemon::storage {
namespace {

class JournalAccessTest : public testing::Test {
 protected:
  Journal open() const { return must(Journal::open(folder_ / "journal.db")); }

  TemporaryFolder folder_;
};

TEST_F(JournalAccessTest, AWishIsRememberedForTheAccountThatHadIt) {
  Journal journal = open();
  const RequestRow request{"uid:1000",     RequestId{"front-end-7:42"}, std::string(64, 'c'),
                           JobId{"a-job"}, R"({"job":"a-job"})",        "2026-11-25T08:00:00.000Z"};
  const auto put = [&] { return journal.transact([&](Journal& inside) { return inside.put(request); }); };
  ASSERT_TRUE(put());
  const RequestRow got = must(journal.request("uid:1000", request.request)).value();
  EXPECT_EQ(got.digest, request.digest);
  EXPECT_EQ(got.job, request.job);
  EXPECT_EQ(got.result, request.result);
  EXPECT_FALSE(must(journal.request("uid:1001", request.request)));
}

TEST_F(JournalAccessTest, OldWishesAreForgottenAndYoungOnesAreNot) {
  Journal journal = open();
  const auto put = [&](const char* id, const char* at) {
    const RequestRow row{"uid:1000", RequestId{id}, std::string(64, 'c'), {}, "{}", at};
    return journal.transact([&](Journal& inside) { return inside.put(row); });
  };
  ASSERT_TRUE(put("old", "2026-11-23T08:00:00.000Z"));
  ASSERT_TRUE(put("young", "2026-11-25T08:00:00.000Z"));
  ASSERT_TRUE(journal.forget_requests_before("2026-11-24T00:00:00.000Z"));
  EXPECT_FALSE(must(journal.request("uid:1000", RequestId{"old"})));
  EXPECT_TRUE(must(journal.request("uid:1000", RequestId{"young"})));
}

TEST_F(JournalAccessTest, WhoseAPurgedVisitWasIsForgottenWithItsWishes) {
  Journal journal = open();
  const auto visit_of = [&](bool purged, const char* closed_at) {
    SampleVisit sample = sample_visit(0);
    sample.visit.open = !purged;
    sample.visit.purged = purged;
    sample.visit.closed_at = closed_at;
    must(keep(journal, sample));
    must(journal.transact([&](Journal& inside) { return inside.add_visit_key(sample.visit.visit, "uid:1000", "k"); }));
    return sample.visit.visit;
  };
  const VisitId old = visit_of(true, "2026-11-23T08:00:00.000Z");
  const VisitId young = visit_of(true, "2026-11-25T08:00:00.000Z");
  const VisitId alive = visit_of(false, "");
  must(journal.forget_requests_before("2026-11-24T00:00:00.000Z"));
  EXPECT_FALSE(must(journal.visit_access(old)));
  EXPECT_TRUE(must(journal.visit_access(young))) << "its closing may still be asked for again";
  EXPECT_TRUE(must(journal.visit_access(alive)));
}

TEST_F(JournalAccessTest, AVisitHasItsNewestKeysAndNoneOnceTheyAreRevoked) {
  Journal journal = open();
  const SampleVisit sample = sample_visit(0);
  ASSERT_TRUE(keep(journal, sample));
  const VisitId visit = sample.visit.visit;
  EXPECT_FALSE(must(journal.visit_access(visit)));
  for (const char* key : {"k1", "k2", "k3", "k4", "k5"}) {
    ASSERT_TRUE(journal.transact([&](Journal& inside) { return inside.add_visit_key(visit, "uid:1000", key); }));
  }
  const VisitAccess access = must(journal.visit_access(visit)).value();
  EXPECT_EQ(access.owner, "uid:1000");
  EXPECT_EQ(access.key_digests, (std::vector<std::string>{"k5", "k4", "k3", "k2"}));
  ASSERT_TRUE(journal.transact([&](Journal& inside) { return inside.revoke_visit_keys(visit); }));
  EXPECT_FALSE(must(journal.visit_access(visit)));
}

}  // namespace
}  // namespace quay::daemon::storage
