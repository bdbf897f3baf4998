// SPDX-License-Identifier: Apache-2.0
// Who has which page: acknowledged, set aside, and the order in which the renditions of a visit came.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/daemon/storage_support.hpp"

namespace quay::daemon::storage {
namespace {

using testing::ElementsAre;

class DeliveryTest : public testing::Test {
 protected:
  template <class Change>
  void change(Change what) {
    ASSERT_TRUE(journal_.transact([&](Journal& inside) -> Status { return what(inside); }));
  }
  SampleVisit visit(int pages) {
    SampleVisit sample = sample_visit(pages);
    EXPECT_TRUE(keep(journal_, sample));
    return sample;
  }
  void store(const std::string& owner, const std::string& name) {
    change([&](Journal& inside) {
      return inside.put(RenditionRow{owner, protocol::RenditionInfo{{}, name, "image/jpeg", 7, "aa"}, "{}"});
    });
  }
  std::vector<std::string> open_pages() {
    std::vector<std::string> list;
    for (const CaptureRow& row : must(journal_.unacknowledged()).captures) {
      list.push_back(row.capture.value);
    }
    return list;
  }
  /// "owner.name" of every rendition after `number`, in order.
  std::vector<std::string> after(const VisitId& visit, std::uint64_t number, const std::vector<std::string>& names) {
    std::vector<std::string> list;
    while (auto found = must(journal_.rendition_after(visit, number, names))) {
      EXPECT_GT(found->number, number);
      number = found->number;
      list.push_back(found->row.owner + "." + found->row.info.rendition);
    }
    return list;
  }

  TemporaryFolder folder_;
  Journal journal_ = must(Journal::open(folder_ / "journal.db"));
};

TEST_F(DeliveryTest, AnAcknowledgedPageIsNotListedAnyMore) {
  const SampleVisit sample = visit(2);
  const std::string first = sample.captures[0].capture.value;
  const std::string second = sample.captures[1].capture.value;
  EXPECT_THAT(open_pages(), ElementsAre(first, second));
  change([&](Journal& inside) { return inside.acknowledge(sample.captures[0].capture, "portal"); });
  EXPECT_THAT(open_pages(), ElementsAre(second));
  EXPECT_EQ(must(journal_.capture(sample.captures[0].capture))->acknowledged_by, "portal");
}

TEST_F(DeliveryTest, ASetAsidePageIsNotListedUntilItIsTakenBack) {
  const SampleVisit sample = visit(1);
  change([&](Journal& inside) { return inside.set_discarded(sample.captures[0].capture, true); });
  EXPECT_TRUE(open_pages().empty());
  EXPECT_TRUE(must(journal_.capture(sample.captures[0].capture))->discarded);
  change([&](Journal& inside) { return inside.set_discarded(sample.captures[0].capture, false); });
  EXPECT_EQ(open_pages().size(), 1U);
}

TEST_F(DeliveryTest, WhatIsWrittenOfAPageLaterLeavesItsDeliveryAlone) {
  SampleVisit sample = visit(1);
  change([&](Journal& inside) { return inside.acknowledge(sample.captures[0].capture, "portal"); });
  sample.captures[0].state = protocol::CaptureState::ready;
  change([&](Journal& inside) { return inside.put(sample.captures[0]); });
  EXPECT_EQ(must(journal_.capture(sample.captures[0].capture))->acknowledged_by, "portal");
}

TEST_F(DeliveryTest, AClosedVisitHasNothingOpen) {
  SampleVisit sample = visit(3);
  sample.visit.open = false;
  change([&](Journal& inside) { return inside.put(sample.visit); });
  EXPECT_TRUE(open_pages().empty());
}

TEST_F(DeliveryTest, OnlyTheRawOfAFinishedAcknowledgedPageMayGo) {
  SampleVisit sample = visit(3);
  sample.captures[1].state = protocol::CaptureState::ready;
  sample.captures[2].state = protocol::CaptureState::ready;
  change([&](Journal& inside) {
    Status done = inside.put(sample.captures[1]);
    done = done ? inside.put(sample.captures[2]) : done;
    done = done ? inside.acknowledge(sample.captures[0].capture, "portal") : done;
    return done ? inside.acknowledge(sample.captures[2].capture, "portal") : done;
  });
  const GenerationRow wanted{sample.captures[2].capture, 2, protocol::CaptureState::captured, "hoso", "{}"};
  change([&](Journal& inside) { return inside.put(wanted); });
  EXPECT_TRUE(must(journal_.raws_to_drop(10)).empty()) << "it is being made anew from its raw";
  GenerationRow made = wanted;
  made.state = protocol::CaptureState::ready;
  change([&](Journal& inside) { return inside.put(made); });
  const std::vector<CaptureRow> may_go = must(journal_.raws_to_drop(10));
  ASSERT_EQ(may_go.size(), 1U);
  EXPECT_EQ(may_go[0].capture, sample.captures[2].capture);
  change([&](Journal& inside) { return inside.forget_raw(may_go[0].capture); });
  EXPECT_TRUE(must(journal_.raws_to_drop(10)).empty());
  EXPECT_FALSE(must(journal_.capture(may_go[0].capture))->raw_kept);
  EXPECT_FALSE(must(journal_.spool_index()).objects.contains(may_go[0].capture.value + ".raw"))
      << "a file that a crash left is swept";
}

TEST_F(DeliveryTest, RenditionsComeInTheOrderInWhichTheyWereStoredAndOnlyThoseOfTheVisit) {
  const SampleVisit mine = visit(2);
  const SampleVisit other = visit(1);
  const std::string first = mine.captures[0].capture.value;
  const std::string second = mine.captures[1].capture.value;
  store(second, "preview");
  store(other.captures[0].capture.value, "preview");
  store(first, "preview");
  store(second, "page");
  EXPECT_THAT(after(mine.visit.visit, 0, {"preview", "page"}),
              ElementsAre(second + ".preview", first + ".preview", second + ".page"));
  EXPECT_THAT(after(mine.visit.visit, 0, {"page"}), ElementsAre(second + ".page"));
  EXPECT_THAT(after(mine.visit.visit, 3, {"preview", "page"}), ElementsAre(second + ".page"));
}

TEST_F(DeliveryTest, ARenditionMadeAnewComesAgainAndNumbersAreNeverReused) {
  const SampleVisit mine = visit(1);
  const std::string capture = mine.captures[0].capture.value;
  store(capture, "page");
  const std::uint64_t first = must(journal_.rendition_after(mine.visit.visit, 0, {"page"}))->number;
  store(capture, "page");
  const std::uint64_t again = must(journal_.rendition_after(mine.visit.visit, first, {"page"}))->number;
  EXPECT_GT(again, first);
  ASSERT_TRUE(journal_.erase_visit(mine.visit.visit));
  const SampleVisit next = visit(1);
  store(next.captures[0].capture.value, "page");
  EXPECT_GT(must(journal_.rendition_after(next.visit.visit, 0, {"page"}))->number, again);
}

TEST_F(DeliveryTest, DocumentsAreFollowedToo) {
  const SampleVisit mine = visit(1);
  const DocumentRow document{DocumentId{random_uuid()}, mine.visit.visit};
  change([&](Journal& inside) { return inside.put(document); });
  store(document.document.value, "document");
  EXPECT_THAT(after(mine.visit.visit, 0, {"document"}), ElementsAre(document.document.value + ".document"));
  EXPECT_EQ(must(journal_.unacknowledged()).documents.size(), 1U);
  change([&](Journal& inside) { return inside.acknowledge(document.document, "portal"); });
  EXPECT_TRUE(must(journal_.unacknowledged()).documents.empty());
}

}  // namespace
}  // namespace quay::daemon::storage
