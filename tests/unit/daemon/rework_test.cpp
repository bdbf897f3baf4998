// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/rework.hpp"

#include <gtest/gtest.h>

#include "daemon/jobs/page_choice.hpp"
#include "tests/unit/daemon/storage_support.hpp"

namespace quay::daemon::jobs {
namespace {

using storage::must;

class EnlistedPapers : public testing::Test {
 protected:
  EnlistedPapers() : journal_(must(storage::Journal::open(folder_ / "journal.db"))) {
    must(storage::keep(journal_, sample_));
  }
  const storage::CaptureRow& capture() const { return sample_.captures[0]; }
  void keep_generations_up_to(std::int32_t newest) {
    must(journal_.transact([&](storage::Journal& open) {
      return open.put(storage::GenerationRow{capture().capture, newest, protocol::CaptureState::ready, "hoso", "{}"});
    }));
  }
  std::vector<storage::GenerationRow> enlist(std::int32_t papers) {
    std::vector<storage::GenerationRow> rows;
    must(journal_.transact([&](storage::Journal& open) -> Status {
      auto enlisted = enlist_papers(open, capture(), papers);
      if (!enlisted) {
        return failure(enlisted.error());
      }
      rows = *std::move(enlisted);
      return {};
    }));
    EXPECT_EQ(must(journal_.unprocessed_generations()).size(), rows.size());
    return rows;
  }

  storage::TemporaryFolder folder_;
  storage::SampleVisit sample_ = storage::sample_visit(1);
  storage::Journal journal_;
};

TEST_F(EnlistedPapers, AreAGenerationEachAfterThoseThereAre) {
  keep_generations_up_to(2);
  const auto rows = enlist(2);
  ASSERT_EQ(rows.size(), 2U);
  for (std::int32_t i = 0; i < 2; ++i) {
    const storage::GenerationRow& row = rows[static_cast<std::size_t>(i)];
    EXPECT_EQ(row.generation, 3 + i);
    EXPECT_EQ(settings_of(row).part, 1 + i);
    EXPECT_EQ(row.profile, capture().profile);
  }
}

TEST_F(EnlistedPapers, AreNoneForOnePaperAndForMoreThanCanBeTrue) {
  EXPECT_TRUE(enlist(1).empty());
  EXPECT_TRUE(enlist(kMostPapers + 1).empty());
  EXPECT_EQ(enlist(kMostPapers).size(), static_cast<std::size_t>(kMostPapers));
}

TEST_F(EnlistedPapers, ThatAreMoreThanThereIsRoomForAreLeftAndDoNotCostTheWholePage) {
  keep_generations_up_to(kMostGenerations - 1);
  EXPECT_TRUE(enlist(2).empty());
}

}  // namespace
}  // namespace quay::daemon::jobs
