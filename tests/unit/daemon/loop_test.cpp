// SPDX-License-Identifier: Apache-2.0
// Mailboxes, task groups and helper programs inside a real loop.
#include <gtest/gtest.h>

#include "daemon/loop/task_group.hpp"
#include "daemon/supervise/run_once.hpp"

namespace quay::daemon {
namespace {

using loop::Awaitable;

class LoopTest : public testing::Test {
 protected:
  /// Runs the loop until `task` has ended.
  void run(Awaitable<void> task) {
    tasks_.spawn("test", std::move(task));
    loop_.run();
    EXPECT_FALSE(tasks_.failed());
    EXPECT_EQ(tasks_.running(), 0U);
  }

  loop::Loop loop_{1};
  Log log_{"test", LogLevel::error};
  loop::TaskGroup tasks_{loop_, log_};
};

Awaitable<void> receive_three(loop::Mailbox<int>& mailbox, std::vector<int>& got) {
  for (int i = 0; i < 3; ++i) {
    const std::optional<int> item = co_await mailbox.receive(loop::kUntilClosed);
    got.push_back(item.value_or(-1));
  }
}

TEST_F(LoopTest, AMailboxGivesItsItemsInOrderThenNothingOnceClosed) {
  loop::Mailbox<int> mailbox(loop_);
  mailbox.push(1);
  mailbox.push(2);
  mailbox.close();
  std::vector<int> got;
  run(receive_three(mailbox, got));
  EXPECT_EQ(got, (std::vector<int>{1, 2, -1}));
}

Awaitable<void> receive_until(loop::Mailbox<int>& mailbox, bool& empty) {
  const Deadline soon = deadline_in(Milliseconds(5));
  empty = !(co_await mailbox.receive(soon)).has_value();
}

TEST_F(LoopTest, AReceiveEndsAtItsDeadline) {
  loop::Mailbox<int> mailbox(loop_);
  bool empty = false;
  run(receive_until(mailbox, empty));
  EXPECT_TRUE(empty);
}

Awaitable<void> throw_something() {
  throw std::runtime_error("a fault of quay");
  co_return;
}

TEST_F(LoopTest, AnEscapedExceptionStopsTheLoopAndIsRemembered) {
  log_.set_threshold(static_cast<LogLevel>(0));
  tasks_.spawn("faulty", throw_something());
  loop_.run();
  EXPECT_TRUE(tasks_.failed());
}

supervise::ProcessSpec shell(const std::string& script) { return {"/bin/sh", {"-c", script}, {"PATH=/usr/bin:/bin"}}; }

Awaitable<void> run_shell(loop::Loop& loop, std::string script, Milliseconds patience, Result<std::string>& outcome) {
  supervise::ProcessSpec spec = shell(script);
  const Deadline deadline = deadline_in(patience);
  outcome = co_await supervise::run_once(loop, std::move(spec), deadline);
}

TEST_F(LoopTest, AHelperProgramGivesWhatItPrinted) {
  Result<std::string> outcome;
  run(run_shell(loop_, "echo one; echo two", Milliseconds(10'000), outcome));
  EXPECT_EQ(outcome.value_or(""), "one\ntwo\n");
}

TEST_F(LoopTest, AHelperProgramThatHangsIsKilledAtItsDeadline) {
  Result<std::string> outcome;
  run(run_shell(loop_, "exec sleep 1000", Milliseconds(50), outcome));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Errc::device_timeout);
}

TEST_F(LoopTest, AHelperProgramThatFailsSaysHowItEnded) {
  Result<std::string> outcome;
  run(run_shell(loop_, "exit 3", Milliseconds(10'000), outcome));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().detail, "exit status 3");
}

}  // namespace
}  // namespace quay::daemon
