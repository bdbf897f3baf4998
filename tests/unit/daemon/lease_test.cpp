// SPDX-License-Identifier: Apache-2.0
// Leases of devices: the table, and every rule about who waits for whom and for how long.
#include "daemon/core/lease.hpp"

#include <gtest/gtest.h>

#include <set>

namespace quay::daemon::core {
namespace {

using Answer = DeviceLease::Answer;
using std::chrono::seconds;

const Deadline kStart = Deadline{} + std::chrono::hours(1);
const LeaseHolder kAnna{"visit-a", "anna"};
const LeaseHolder kBinh{"visit-b", "binh"};
const LeaseHolder kChi{"visit-c", "chi"};

Deadline after(int s) { return kStart + seconds(s); }

TEST(LeaseTable, NamesEachStateAndEventPairAtMostOnce) {
  std::set<std::pair<LeaseState, LeaseEvent>> seen;
  for (const LeaseTransition& row : lease_transitions()) {
    EXPECT_TRUE(seen.insert({row.from, row.event}).second);
    EXPECT_EQ(step(row.from, row.event), row.to);
  }
}

TEST(LeaseTable, AJobOnlyEndsWhereOneRunsAndOnlyAHeldDeviceIsLetGo) {
  for (const LeaseState state : {LeaseState::free, LeaseState::held, LeaseState::working}) {
    EXPECT_EQ(step(state, LeaseEvent::job_ended).has_value(), state == LeaseState::working);
    EXPECT_EQ(step(state, LeaseEvent::let_go).has_value(), state == LeaseState::held);
    EXPECT_EQ(step(state, LeaseEvent::passed).has_value(), state == LeaseState::held);
    EXPECT_EQ(step(state, LeaseEvent::job_started).has_value(), state != LeaseState::working);
    EXPECT_TRUE(step(state, LeaseEvent::taken));
  }
}

TEST(DeviceLease, IsHadByOneVisitUntilItRunsOut) {
  DeviceLease lease;
  EXPECT_EQ(lease.take(kAnna, seconds(60), kStart).change, LeaseChange::taken);
  EXPECT_EQ(lease.take(kBinh, seconds(60), after(59)).answer, Answer::no);
  EXPECT_EQ(lease.start_job(kBinh, after(59)).answer, Answer::no);
  EXPECT_FALSE(lease.pass_time(after(59)).change);
  EXPECT_EQ(lease.pass_time(after(60)).change, LeaseChange::expired);
  EXPECT_EQ(lease.state(), LeaseState::free);
  EXPECT_EQ(lease.take(kBinh, seconds(60), after(60)).change, LeaseChange::taken);
  EXPECT_EQ(lease.holder()->visit, "visit-b");
}

TEST(DeviceLease, ThatRanOutUnnoticedIsFree) {
  DeviceLease lease;
  lease.take(kAnna, seconds(60), kStart);
  EXPECT_EQ(lease.start_job(kBinh, after(61)).answer, Answer::yes);
  EXPECT_EQ(lease.holder()->visit, "visit-b");
}

TEST(DeviceLease, IsNeverLongerThanTheLongest) {
  DeviceLease lease;
  lease.take(kAnna, seconds(100'000), kStart);
  EXPECT_EQ(lease.until(), kStart + kLongestLease);
}

TEST(DeviceLease, CanBeRenewedUnlessAnotherVisitWaits) {
  DeviceLease lease;
  lease.take(kAnna, seconds(60), kStart);
  EXPECT_EQ(lease.take(kAnna, seconds(60), after(30)).change, LeaseChange::renewed);
  EXPECT_EQ(lease.until(), after(90));
  EXPECT_EQ(lease.request(kBinh, after(31)).change, LeaseChange::requested);
  lease.take(kAnna, seconds(60), after(80));
  EXPECT_EQ(lease.until(), after(90));
  EXPECT_EQ(lease.pass_time(after(90)).change, LeaseChange::handed_over);
  EXPECT_EQ(lease.holder()->visit, "visit-b");
  EXPECT_EQ(lease.until(), after(90) + kHandOverTime);
}

TEST(DeviceLease, GoesToTheVisitThatAskedWhenItIsReleased) {
  DeviceLease lease;
  lease.take(kAnna, seconds(60), kStart);
  lease.request(kBinh, after(1));
  EXPECT_EQ(lease.request(kBinh, after(2)).change, std::nullopt) << "asking twice is one request";
  EXPECT_EQ(lease.request(kChi, after(3)).answer, Answer::no) << "one visit waits, not a queue";
  EXPECT_EQ(lease.release("visit-b", after(4)).answer, Answer::no);
  EXPECT_EQ(lease.release("visit-a", after(4)).change, LeaseChange::handed_over);
  EXPECT_EQ(lease.holder()->name, "binh");
  EXPECT_EQ(lease.wanted_by().has_value(), false);
}

TEST(DeviceLease, StaysWithAHolderWhoSaysNo) {
  DeviceLease lease;
  lease.take(kAnna, seconds(60), kStart);
  EXPECT_FALSE(lease.refuse("visit-a").change) << "nobody asked";
  lease.request(kBinh, after(1));
  EXPECT_EQ(lease.refuse("visit-b").answer, Answer::no);
  EXPECT_EQ(lease.refuse("visit-a").change, LeaseChange::refused);
  EXPECT_EQ(lease.pass_time(after(60)).change, LeaseChange::expired);
}

TEST(DeviceLease, ARequestForAFreeDeviceTakesIt) {
  DeviceLease lease;
  EXPECT_EQ(lease.request(kBinh, kStart).change, LeaseChange::taken);
  EXPECT_EQ(lease.until(), kStart + kHandOverTime);
}

TEST(DeviceLease, ARequestOfTheHolderDoesNotShortenItsLease) {
  DeviceLease lease;
  lease.take(kAnna, seconds(600), kStart);
  lease.request(kAnna, after(1));
  EXPECT_EQ(lease.until(), after(600));
}

TEST(DeviceLease, AJobHoldsTheDeviceAndAShortWhileAfter) {
  DeviceLease lease;
  EXPECT_EQ(lease.start_job(kAnna, kStart).answer, Answer::yes);
  EXPECT_EQ(lease.state(), LeaseState::working);
  EXPECT_FALSE(lease.pass_time(after(1000)).change) << "a job ends by its own deadlines";
  EXPECT_EQ(lease.take(kBinh, seconds(1), after(1000)).answer, Answer::no);
  EXPECT_EQ(lease.start_job(kAnna, after(1000)).answer, Answer::no) << "one job at a time";
  EXPECT_FALSE(lease.end_job(seconds(5), after(1000)).change);
  EXPECT_EQ(lease.start_job(kBinh, after(1004)).answer, Answer::no);
  EXPECT_EQ(lease.start_job(kAnna, after(1004)).answer, Answer::yes) << "the next batch of the same citizen";
  lease.end_job(seconds(5), after(1010));
  EXPECT_FALSE(lease.pass_time(after(1015)).change) << "nobody was told that it began";
  EXPECT_EQ(lease.state(), LeaseState::free);
}

TEST(DeviceLease, AJobDoesNotShortenTheLeaseAroundIt) {
  DeviceLease lease;
  lease.take(kAnna, seconds(300), kStart);
  lease.start_job(kAnna, after(10));
  lease.end_job(seconds(5), after(20));
  EXPECT_EQ(lease.until(), after(300));
}

TEST(DeviceLease, AVisitThatWaitsGetsTheDeviceWhenTheJobEnds) {
  DeviceLease lease;
  lease.start_job(kAnna, kStart);
  EXPECT_EQ(lease.request(kBinh, after(1)).change, LeaseChange::requested);
  EXPECT_EQ(lease.end_job(seconds(5), after(9)).change, LeaseChange::handed_over);
  EXPECT_EQ(lease.holder()->visit, "visit-b");
}

TEST(DeviceLease, ReleasedDuringAJobItGoesWhenTheJobEnds) {
  DeviceLease lease;
  lease.take(kAnna, seconds(300), kStart);
  lease.start_job(kAnna, after(1));
  EXPECT_EQ(lease.release("visit-a", after(2)).answer, Answer::yes);
  EXPECT_EQ(lease.state(), LeaseState::working);
  EXPECT_EQ(lease.end_job(seconds(0), after(9)).change, LeaseChange::released);
  EXPECT_EQ(lease.state(), LeaseState::free);
}

TEST(DeviceLease, EndsWithItsVisit) {
  DeviceLease lease;
  lease.take(kAnna, seconds(300), kStart);
  lease.request(kBinh, after(1));
  EXPECT_FALSE(lease.forget("visit-b", after(2)).change);
  EXPECT_FALSE(lease.wanted_by());
  EXPECT_EQ(lease.forget("visit-a", after(3)).change, LeaseChange::released);
  EXPECT_EQ(lease.state(), LeaseState::free);
  EXPECT_FALSE(lease.forget("visit-a", after(4)).change);
}

}  // namespace
}  // namespace quay::daemon::core
