// SPDX-License-Identifier: Apache-2.0
// A worker process in the moments in which it dies unseen.
#include <sys/wait.h>

#include <csignal>

#include <gtest/gtest.h>

#include "daemon/loop/task_group.hpp"
#include "daemon/supervise/worker.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::daemon::supervise {
namespace {

namespace frames = protocol::worker;
using loop::Awaitable;

struct Seen {
  bool was_ready = false;
  std::optional<Errc> at_first;
  bool still_ready = true;
  bool ready_again = false;
  bool at_second = false;
};

WorkerSpec imaging_spec() {
  WorkerSpec spec;
  spec.name = "image";
  spec.process.program = QUAY_IMAGING;
  spec.process.environment = {"PATH=/usr/bin:/bin"};
  spec.deadlines.start = Milliseconds(60'000);
  return spec;
}

Status ask(Worker& worker) {
  return worker.start([](std::uint64_t request) { return frames::ToWorker(frames::Describe{{}, request}); });
}

/// Kills the idle worker and asks it before the loop can hear of its death; then asks again.
Awaitable<void> ask_a_dead_worker(Worker& worker, Seen& seen) {
  const Deadline patience = deadline_in(Milliseconds(60'000));
  seen.was_ready = co_await worker.wait_ready(patience);
  ::kill(worker.pid(), SIGKILL);
  siginfo_t gone{};
  ::waitid(P_PID, static_cast<id_t>(worker.pid()), &gone, WEXITED | WNOWAIT);
  const Status first = ask(worker);
  seen.at_first = first ? std::nullopt : std::optional(first.error().code);
  seen.still_ready = worker.state() == core::WorkerState::ready;
  seen.ready_again = co_await worker.wait_ready(patience);
  seen.at_second = ask(worker).has_value();
  worker.stop();
}

TEST(Worker, ThatDiedUnseenIsNotAskedTwiceBeforeItIsStartedAgain) {
  loop::Loop loop{1};
  const Log log{"test", LogLevel::error};
  loop::TaskGroup tasks{loop, log};
  Worker worker(loop, log, imaging_spec());
  Seen seen;
  tasks.spawn("worker", worker.run());
  tasks.spawn("test", ask_a_dead_worker(worker, seen));
  loop.run();
  EXPECT_TRUE(seen.was_ready);
  EXPECT_EQ(seen.at_first, Errc::worker_crashed);
  EXPECT_FALSE(seen.still_ready);
  EXPECT_TRUE(seen.ready_again);
  EXPECT_TRUE(seen.at_second);
}

/// Stops the worker as soon as one of its processes has ended.
Awaitable<void> stop_after_one(Worker& worker) {
  const Deadline patience = deadline_in(Milliseconds(60'000));
  while (worker.exits() == 0 && SteadyClock::now() < patience) {
    co_await worker.changes().receive(patience);
  }
  worker.stop();
}

std::vector<WorkerEnd> ends_of(const std::string& program, std::vector<std::string> arguments,
                               Milliseconds patience = Milliseconds(60'000)) {
  loop::Loop loop{1};
  const Log log{"test", LogLevel::error};
  loop::TaskGroup tasks{loop, log};
  std::vector<WorkerEnd> ends;
  WorkerSpec spec;
  spec.name = program;
  spec.process.program = program;
  spec.process.arguments = std::move(arguments);
  spec.deadlines.start = patience;
  spec.ended = [&ends](WorkerEnd how) { ends.push_back(how); };
  Worker worker(loop, log, spec);
  tasks.spawn("worker", worker.run());
  tasks.spawn("test", stop_after_one(worker));
  loop.run();
  return ends;
}

TEST(Worker, TellsHowAProcessEndedThatNobodyHadAskedTo) {
  EXPECT_EQ(ends_of("/usr/bin/tail", {"-f", "/dev/null"}, Milliseconds(200)), std::vector{WorkerEnd::deadline})
      << "it never said hello";
  EXPECT_EQ(ends_of(QUAY_IMAGING, {"--no-such-option"}), std::vector{WorkerEnd::exit});
  EXPECT_EQ(ends_of("/bin/sh", {"-c", "kill -SEGV $$"}), std::vector{WorkerEnd::signal});
}

/// Requests that nobody watches the state of.
Awaitable<void> ask_often(Worker& worker, std::size_t& waiting, int& answered) {
  const Deadline patience = deadline_in(Milliseconds(60'000));
  for (int i = 0; i < 20 && co_await worker.wait_ready(patience); ++i) {
    if (ask(worker)) {
      const Result<Incoming> last = co_await worker.next(patience);
      answered += last ? 1 : 0;
    }
  }
  waiting = worker.changes().size();
  worker.stop();
}

TEST(Worker, WhoseChangesNobodyReadsRemembersNoMoreThanOne) {
  loop::Loop loop{1};
  const Log log{"test", LogLevel::error};
  loop::TaskGroup tasks{loop, log};
  Worker worker(loop, log, imaging_spec());
  std::size_t waiting = 0;
  int answered = 0;
  tasks.spawn("worker", worker.run());
  tasks.spawn("test", ask_often(worker, waiting, answered));
  loop.run();
  EXPECT_EQ(answered, 20);
  EXPECT_LE(waiting, 1U);
}

}  // namespace
}  // namespace quay::daemon::supervise
