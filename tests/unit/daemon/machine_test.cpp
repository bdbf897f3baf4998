// SPDX-License-Identifier: Apache-2.0
// The state tables, every state against every event, and the pure rules beside them.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "daemon/core/crash_history.hpp"
#include "daemon/core/device_status.hpp"
#include "daemon/core/job_machine.hpp"
#include "daemon/core/worker_machine.hpp"

namespace quay::daemon::core {
namespace {

constexpr int kWorkerStates = 8;
constexpr int kWorkerEvents = 10;

TEST(WorkerMachine, NamesEachStateAndEventPairAtMostOnce) {
  std::set<std::pair<WorkerState, WorkerEvent>> seen;
  for (const WorkerTransition& transition : worker_transitions()) {
    EXPECT_TRUE(seen.insert({transition.from, transition.event}).second) << name(transition.from);
  }
}

TEST(WorkerMachine, IgnoresEveryPairThatIsNotInTheTable) {
  for (int state = 0; state < kWorkerStates; ++state) {
    for (int event = 0; event < kWorkerEvents; ++event) {
      const auto from = static_cast<WorkerState>(state);
      const auto with = static_cast<WorkerEvent>(event);
      const auto table = worker_transitions();
      const bool listed =
          std::any_of(table.begin(), table.end(), [&](const auto& t) { return t.from == from && t.event == with; });
      EXPECT_EQ(step(from, with).has_value(), listed);
    }
  }
}

TEST(WorkerMachine, LeadsFromEveryLivingStateToRestWhenTheProcessEnds) {
  for (const WorkerState state :
       {WorkerState::starting, WorkerState::ready, WorkerState::busy, WorkerState::cancelling, WorkerState::dying}) {
    const auto transition = step(state, WorkerEvent::exited);
    ASSERT_TRUE(transition) << name(state);
    EXPECT_EQ(transition->to, WorkerState::resting);
  }
}

TEST(WorkerMachine, AsksBeforeItKills) {
  const auto overdue = step(WorkerState::busy, WorkerEvent::deadline);
  ASSERT_TRUE(overdue);
  EXPECT_EQ(overdue->action, WorkerAction::send_cancel);
  const auto grace = step(overdue->to, WorkerEvent::grace_over);
  ASSERT_TRUE(grace);
  EXPECT_EQ(grace->action, WorkerAction::kill);
}

TEST(WorkerMachine, EveryStateCanBeLeftAndReached) {
  std::set<WorkerState> left, reached;
  for (const WorkerTransition& transition : worker_transitions()) {
    left.insert(transition.from);
    reached.insert(transition.to);
  }
  EXPECT_EQ(left.size(), static_cast<std::size_t>(kWorkerStates));
  EXPECT_EQ(reached.size(), static_cast<std::size_t>(kWorkerStates));
}

TEST(CrashHistory, DoublesTheRestWithEachDeathUpToItsLimit) {
  CrashHistory history(
      {.first_rest = Milliseconds(100), .longest_rest = Milliseconds(350), .crashes_to_quarantine = 9});
  const SteadyClock::time_point now{};
  EXPECT_EQ(history.note(now).rest, Milliseconds(100));
  EXPECT_EQ(history.note(now).rest, Milliseconds(200));
  EXPECT_EQ(history.note(now).rest, Milliseconds(350));
}

TEST(CrashHistory, ParksAWorkerThatDiesTooOftenInTheWindow) {
  CrashHistory history({.crashes_to_quarantine = 3, .window = Milliseconds(1000), .quarantine = Milliseconds(7000)});
  SteadyClock::time_point now{};
  EXPECT_FALSE(history.note(now).quarantine);
  EXPECT_FALSE(history.note(now + Milliseconds(500)).quarantine);
  const auto verdict = history.note(now + Milliseconds(900));
  EXPECT_TRUE(verdict.quarantine);
  EXPECT_EQ(verdict.rest, Milliseconds(7000));
}

TEST(CrashHistory, ForgetsDeathsOutsideTheWindowAndAfterSuccess) {
  CrashHistory history({.crashes_to_quarantine = 2, .window = Milliseconds(1000)});
  const SteadyClock::time_point now{};
  history.note(now);
  EXPECT_FALSE(history.note(now + Milliseconds(2000)).quarantine);
  history.clear();
  EXPECT_FALSE(history.note(now + Milliseconds(2100)).quarantine);
}

TEST(JobMachine, NeverMovesAJobThatIsOverByItself) {
  using protocol::JobState;
  for (const JobState state : {JobState::done, JobState::failed, JobState::cancelled, JobState::interrupted}) {
    EXPECT_TRUE(is_over(state));
    for (int event = 0; event <= static_cast<int>(JobEvent::daemon_stopped); ++event) {
      EXPECT_FALSE(step(state, static_cast<JobEvent>(event)));
    }
  }
}

TEST(JobMachine, BelievesTheClerkWhoSawThePaper) {
  using protocol::JobState;
  EXPECT_EQ(step(JobState::failed, JobEvent::clerk_saw_it), JobState::done);
  EXPECT_EQ(step(JobState::cancelled, JobEvent::clerk_saw_it), JobState::done);
  for (const JobState state : {JobState::queued, JobState::running, JobState::done, JobState::interrupted}) {
    EXPECT_FALSE(step(state, JobEvent::clerk_saw_it));
  }
}

TEST(JobMachine, LeadsFromQueuedAndRunningToEachEnd) {
  using protocol::JobState;
  EXPECT_EQ(step(JobState::queued, JobEvent::started), JobState::running);
  EXPECT_EQ(step(JobState::running, JobEvent::completed), JobState::done);
  EXPECT_EQ(step(JobState::running, JobEvent::failed), JobState::failed);
  EXPECT_EQ(step(JobState::running, JobEvent::cancelled), JobState::cancelled);
  EXPECT_EQ(step(JobState::queued, JobEvent::daemon_stopped), JobState::interrupted);
  EXPECT_FALSE(step(JobState::queued, JobEvent::completed));
}

TEST(DeviceCondition, ACardsTroubleIsNotItsReaders) {
  EXPECT_FALSE(blames_device(Errc::card_removed));
  EXPECT_FALSE(blames_device(Errc::card_key_refused));
  EXPECT_TRUE(blames_device(Errc::card_service_down));
  EXPECT_TRUE(blames_device(Errc::device_absent));
}

TEST(DeviceCondition, SaysWhatTheWorkerAndTheLastTroubleMean) {
  using protocol::DeviceStatus;
  const auto trouble = [](Errc code) { return std::optional(make_error(code, "test", "")); };
  EXPECT_EQ(device_condition(WorkerState::starting, false, {}).status, DeviceStatus::starting);
  EXPECT_EQ(device_condition(WorkerState::ready, true, {}).status, DeviceStatus::ready);
  EXPECT_EQ(device_condition(WorkerState::busy, true, trouble(Errc::paper_jam)).status, DeviceStatus::busy);
  EXPECT_EQ(device_condition(WorkerState::quarantined, true, {}).status, DeviceStatus::quarantined);
  EXPECT_EQ(device_condition(WorkerState::ready, true, trouble(Errc::device_absent)).status, DeviceStatus::absent);
  EXPECT_EQ(device_condition(WorkerState::ready, true, trouble(Errc::device_access_denied)).status,
            DeviceStatus::faulty);
  const DeviceCondition jam = device_condition(WorkerState::ready, true, trouble(Errc::paper_jam));
  EXPECT_EQ(jam.status, DeviceStatus::needs_attention);
  EXPECT_EQ(jam.reasons, std::vector<std::string>{"paper.jam"});
}

}  // namespace
}  // namespace quay::daemon::core
