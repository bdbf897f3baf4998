// SPDX-License-Identifier: Apache-2.0
// The event log: how it is read by number and topic, how long an event may be, how the oldest are dropped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/daemon/storage_support.hpp"

namespace quay::daemon::storage {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class EventLogTest : public testing::Test {
 protected:
  /// `count` events, each the only one of its transaction.
  void append(const std::string& type, int count = 1) {
    for (int i = 0; i < count; ++i) {
      must(keep_event(journal_, type));
    }
  }
  std::vector<std::uint64_t> numbers(const EventPage& page) {
    std::vector<std::uint64_t> list;
    for (const std::string& text : page.texts) {
      list.push_back(*must(protocol::decode_event(text)).seq);
    }
    return list;
  }

  TemporaryFolder folder_;
  Journal journal_ = must(Journal::open(folder_ / "journal.db"));
};

TEST_F(EventLogTest, GivesOnlyTheTopicsAskedForAndSaysHowFarItLooked) {
  append("job.started");
  append("capture.captured");
  append("device.changed", 2);
  append("capture.ready");
  append("job.finished");
  const EventPage captures = must(journal_.events(1, 100, {"capture."}));
  EXPECT_THAT(numbers(captures), ElementsAre(2U, 5U));
  EXPECT_EQ(captures.next, 7U);
  EXPECT_THAT(numbers(must(journal_.events(1, 100, {"job.finished", "device."}))), ElementsAre(3U, 4U, 6U));
  const EventPage first = must(journal_.events(1, 1, {"capture."}));
  EXPECT_THAT(numbers(first), ElementsAre(2U));
  EXPECT_EQ(first.next, 3U);
  EXPECT_THAT(numbers(must(journal_.events(first.next, 1, {"capture."}))), ElementsAre(5U));
}

TEST_F(EventLogTest, ATopicIsAPrefixNotAPattern) {
  append("capture.ready");
  EXPECT_TRUE(must(journal_.events(1, 100, {"%"})).texts.empty());
  EXPECT_TRUE(must(journal_.events(1, 100, {"ready"})).texts.empty());
  EXPECT_TRUE(must(journal_.events(1, 100, {"capture.ready.more"})).texts.empty());
  EXPECT_EQ(must(journal_.events(1, 100, {""})).texts.size(), 1U);
}

TEST_F(EventLogTest, ASearchForSomethingRareEndsAndGoesOnWhereItEnded) {
  const Status filled = journal_.transact([&](Journal& inside) -> Status {
    for (int i = 0; i < 12'000; ++i) {
      protocol::Event event;
      event.type = "device.changed";
      if (Status kept = inside.append(event); !kept) {
        return kept;
      }
    }
    return {};
  });
  ASSERT_TRUE(filled);
  append("visit.opened");
  std::uint64_t from = 1;
  int calls = 0;
  EventPage page;
  do {
    page = must(journal_.events(from, 10, {"visit."}));
    EXPECT_GT(page.next, from);
    from = page.next;
  } while (page.texts.empty() && ++calls < 10);
  EXPECT_THAT(numbers(page), ElementsAre(12'001U));
  EXPECT_GT(calls, 1);
}

TEST_F(EventLogTest, AnEventThatIsTooLongIsCutAndSaysSo) {
  protocol::Event event;
  event.type = "job.finished";
  event.data["job"] = "7d0c";
  event.data["pages"] = 500;
  protocol::json::array captures;
  for (int i = 0; i < 500; ++i) {
    captures.emplace_back(random_uuid());
  }
  event.data["captures"] = captures;
  std::string sent;
  ASSERT_TRUE(journal_.transact([&](Journal& inside) { return inside.append(event, &sent); }));
  EXPECT_LE(sent.size(), protocol::kLargestEvent);
  EXPECT_THAT(must(journal_.events(1, 1)).texts, ElementsAre(sent));
  const protocol::Event kept = must(protocol::decode_event(sent));
  EXPECT_EQ(kept.cut, true);
  EXPECT_EQ(kept.data.at("job"), "7d0c");
  EXPECT_EQ(kept.data.at("pages"), 500);
  EXPECT_TRUE(kept.data.at("captures").as_array().empty());
}

TEST_F(EventLogTest, NothingMakesAnEventLongerThanItMayBe) {
  protocol::Event event;
  event.type = "device.changed";
  event.data["id"] = "scanner-1";
  event.data["name"] = std::string(9000, 'x');
  event.data["scanner"] = protocol::json::object{{"sources", std::string(9000, 'y')}};
  std::string sent;
  ASSERT_TRUE(journal_.transact([&](Journal& inside) { return inside.append(event, &sent); }));
  EXPECT_LE(sent.size(), protocol::kLargestEvent);
  EXPECT_THAT(sent, HasSubstr("scanner-1"));
  protocol::Event short_one;
  short_one.type = "device.changed";
  short_one.data["name"] = std::string(3000, 'x');
  ASSERT_TRUE(journal_.transact([&](Journal& inside) { return inside.append(short_one, &sent); }));
  EXPECT_FALSE(must(protocol::decode_event(sent)).cut);
}

TEST_F(EventLogTest, KeepsTheNewestAndNeverGivesANumberTwice) {
  append("job.started", 30);
  ASSERT_TRUE(journal_.drop_events({.newest = 10}));
  const EventPage page = must(journal_.events(1, 100));
  EXPECT_EQ(page.oldest, 21U);
  EXPECT_EQ(numbers(page).size(), 10U);
  EXPECT_EQ(numbers(page).front(), 21U);
  append("job.started");
  EXPECT_EQ(journal_.last_sequence(), 31U);
  ASSERT_TRUE(journal_.drop_events({.newest = 0}));
  EXPECT_EQ(must(journal_.oldest_event()), 32U);
  journal_ = must(Journal::open(folder_ / "second.db"));
  journal_ = must(Journal::open(folder_ / "journal.db"));
  append("job.started");
  EXPECT_EQ(journal_.last_sequence(), 32U);
}

TEST_F(EventLogTest, DropsWhatIsTooOldAndNothingYounger) {
  append("job.started", 5);
  ASSERT_TRUE(journal_.drop_events({.newest = 1000, .age = std::chrono::days(1)}));
  EXPECT_EQ(must(journal_.oldest_event()), 1U);
  ASSERT_TRUE(journal_.drop_events({.newest = 1000, .age = std::chrono::milliseconds(-1000)}));
  EXPECT_EQ(must(journal_.oldest_event()), 6U);
}

TEST_F(EventLogTest, TellsTheNewestNumberOfEachTopicRoot) {
  append("job.started");
  append("capture.captured", 2);
  EXPECT_EQ(journal_.newest_by_root(), (std::map<std::string, std::uint64_t>{{"job.", 1}, {"capture.", 3}}));
}

}  // namespace
}  // namespace quay::daemon::storage
