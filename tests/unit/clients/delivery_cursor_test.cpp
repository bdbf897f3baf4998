// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/delivery_cursor.hpp"

#include <gtest/gtest.h>

#include "protocol/client/events.hpp"
#include "protocol/json/writer.hpp"

namespace quay::client {
namespace {

protocol::Event event_at(std::uint64_t seq, const std::string& journal = "j") {
  protocol::Event event;
  event.type = "capture.ready";
  event.journal = journal;
  event.seq = seq;
  return event;
}

protocol::Event heartbeat_at(std::uint64_t seq) {
  protocol::Event event;
  event.type = protocol::topic::kHeartbeat;
  event.journal = "j";
  protocol::Heartbeat heartbeat;
  heartbeat.seq = seq;
  event.data = protocol::to_json_object(heartbeat);
  return event;
}

TEST(DeliveryCursor, AppliesTheNextEventAndMovesOn) {
  DeliveryCursor cursor(Cursor{"j", 4});
  EXPECT_EQ(cursor.judge(event_at(5)), Verdict::apply);
  EXPECT_TRUE(cursor.advance(event_at(5)));
  EXPECT_EQ(cursor.position(), (Cursor{"j", 5}));
}

TEST(DeliveryCursor, IgnoresWhatWasAppliedBefore) {
  DeliveryCursor cursor(Cursor{"j", 4});
  EXPECT_EQ(cursor.judge(event_at(4)), Verdict::ignore);
  EXPECT_FALSE(cursor.advance(event_at(4)));
  EXPECT_EQ(cursor.position().seq, 4U);
}

TEST(DeliveryCursor, AsksForAReplayWhenAnEventIsMissing) {
  DeliveryCursor cursor(Cursor{"j", 4});
  EXPECT_EQ(cursor.judge(event_at(6)), Verdict::replay);
  EXPECT_EQ(cursor.position().seq, 4U) << "judging must not move the cursor past what is missing";
}

TEST(DeliveryCursor, LearnsFromAHeartbeatThatTheLastEventWasLost) {
  DeliveryCursor cursor(Cursor{"j", 4});
  EXPECT_EQ(cursor.judge(heartbeat_at(4)), Verdict::ignore);
  EXPECT_EQ(cursor.judge(heartbeat_at(5)), Verdict::replay);
}

TEST(DeliveryCursor, AppliesTransientEventsWithoutMoving) {
  DeliveryCursor cursor(Cursor{"j", 4});
  protocol::Event progress = event_at(0);
  progress.seq.reset();
  EXPECT_EQ(cursor.judge(progress), Verdict::apply);
  EXPECT_TRUE(cursor.advance(progress));
  EXPECT_EQ(cursor.position().seq, 4U);
}

TEST(DeliveryCursor, BeginsAnewWhenTheJournalWasMadeAnew) {
  DeliveryCursor cursor(Cursor{"j", 400});
  EXPECT_EQ(cursor.judge(event_at(1, "k")), Verdict::apply);
  EXPECT_EQ(cursor.position(), (Cursor{"k", 0}));
  EXPECT_EQ(cursor.judge(event_at(3, "k")), Verdict::replay);
}

}  // namespace
}  // namespace quay::client
