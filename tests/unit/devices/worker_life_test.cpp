// SPDX-License-Identifier: Apache-2.0
// The life of a worker process: one request at a time, an end in every case, nothing left behind.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <csignal>

#include "devices/worker/process_setup.hpp"
#include "protocol/worker/seqpacket.hpp"
#include "tests/unit/devices/sane_setup.hpp"

namespace quay::test {
namespace {

using protocol::ScanMode;
using protocol::ScanSource;

/// A worker whose pages take seconds, and the order for one.
class WorkerLife : public testing::Test {
 protected:
  /// The page has begun to come in.
  bool reading() {
    bool seen = false;
    worker_->collect_while([&](const frames::FromWorker& frame) {
      const auto* progress = std::get_if<frames::Progress>(&frame);
      seen = progress != nullptr && progress->stage == frames::Stage::reading;
      return !seen;
    });
    return seen;
  }

  SaneSetup sane_{"test", "read-delay true\nread-delay-duration 200000\n"};
  std::unique_ptr<WorkerClient> worker_ = sane_.worker("test:0");
  frames::Scan slow_ = scan_order(ScanSource::flatbed, ScanMode::color, 300);
  frames::Describe describe_{{}, 2};
};

TEST_F(WorkerLife, ShutdownEndsIt) {
  worker_->send(frames::Shutdown{});
  EXPECT_EQ(worker_->ending(), "exit status 0");
}

TEST_F(WorkerLife, AClosedChannelEndsIt) {
  worker_->close_channel();
  EXPECT_EQ(worker_->ending(), "exit status 0");
}

TEST_F(WorkerLife, ShutdownEndsItInTheMiddleOfAPage) {
  worker_->send(slow_);
  ASSERT_TRUE(reading());
  worker_->send(frames::Shutdown{});
  EXPECT_EQ(worker_->ending(), "exit status 0");
}

TEST_F(WorkerLife, AClosedChannelEndsItInTheMiddleOfAPage) {
  worker_->send(slow_);
  ASSERT_TRUE(reading());
  worker_->close_channel();
  EXPECT_EQ(worker_->ending(), "exit status 0");
}

TEST_F(WorkerLife, ASecondRequestIsTurnedAwayAndTheFirstGoesOn) {
  worker_->send(slow_);
  ASSERT_TRUE(reading());
  const Answers second = worker_->ask(describe_);
  EXPECT_EQ(second.code(), "device.busy");
  EXPECT_EQ(second.finished->request, describe_.request);
  worker_->send(frames::Cancel{{}, slow_.request});
  const Answers first = worker_->collect();
  EXPECT_EQ(first.finished->request, slow_.request);
  EXPECT_EQ(first.code(), "scan.cancelled");
}

TEST_F(WorkerLife, ACancelForAnotherRequestChangesNothing) {
  worker_->send(frames::Cancel{{}, 99});
  EXPECT_EQ(worker_->ask(describe_).code(), "");
  worker_->send(frames::Cancel{{}, describe_.request});
  EXPECT_EQ(worker_->ask(describe_).code(), "") << "a cancel that comes too late is not kept for the next request";
}

TEST_F(WorkerLife, AReleaseOfABufferThatIsNotOutIsIgnored) {
  worker_->release(1);
  worker_->release(77);
  EXPECT_EQ(worker_->ask(describe_).code(), "");
}

TEST_F(WorkerLife, AFrameItCannotReadEndsIt) {
  worker_->send_raw("{\"type\": \"dance\"}");
  EXPECT_EQ(worker_->ending(), "exit status 2");
}

TEST_F(WorkerLife, WorkOfAnotherKindIsRefused) {
  frames::ProcessPage page;
  page.request = 5;
  EXPECT_EQ(worker_->ask(page).code(), "device.unsupported");
}

TEST_F(WorkerLife, SignalsMeantForTheServiceDoNotEndIt) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
    ASSERT_EQ(::kill(worker_->pid(), signal), 0);
  }
  EXPECT_EQ(worker_->ask(describe_).code(), "");
}

/// A process that starts a worker on `channel`, writes its pid to `report` and ends when `go` is closed.
[[noreturn]] void be_a_parent(const UniqueFd& channel, int report, int go) {
  const daemon::supervise::ProcessSpec spec{QUAY_SCANNER, {"--device", "test:0"}, {"SANE_CONFIG_DIR=/nonexistent"}};
  auto process = daemon::supervise::Process::spawn(spec, channel);
  const pid_t pid = process ? process->pid() : -1;
  [[maybe_unused]] ssize_t done = ::write(report, &pid, sizeof pid);
  char byte = 0;
  done = ::read(go, &byte, 1);
  ::_exit(0);  // without ~Process, which would kill the worker
}

TEST(WorkerProcess, DiesWithItsParentEvenWhenTheChannelStaysOpen) {
  auto channel = frames::make_channel();
  std::array<int, 2> report{};
  std::array<int, 2> go{};
  ASSERT_EQ(::pipe2(report.data(), O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(go.data(), O_CLOEXEC), 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    ::close(go[1]);
    be_a_parent(channel->second, report[1], go[0]);
  }
  pid_t worker = -1;
  ASSERT_EQ(::read(report[0], &worker, sizeof worker), static_cast<ssize_t>(sizeof worker));
  ASSERT_GT(worker, 0);
  const UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, worker, 0)));
  ASSERT_TRUE(frames::receive_packet(channel->first.get(), frames::Blocking::yes)) << "Hello: it is set up";
  ::close(go[1]);
  pollfd watched{pidfd.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&watched, 1, 20'000), 1);
  ::waitpid(parent, nullptr, 0);
}

TEST(WorkerProcess, SetsItselfUpSoThatNothingLeaks) {
  const pid_t child = ::fork();
  if (child == 0) {
    int wrong = worker::set_up_process() ? 0 : 1;
    rlimit core{};
    ::getrlimit(RLIMIT_CORE, &core);
    int signal = 0;
    ::prctl(PR_GET_PDEATHSIG, &signal);
    wrong += ::prctl(PR_GET_DUMPABLE) == 0 ? 0 : 2;
    wrong += ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 4;
    wrong += core.rlim_max == 0 ? 0 : 8;
    wrong += signal == SIGKILL ? 0 : 16;
    wrong += ::raise(SIGPIPE) == 0 && ::raise(SIGTERM) == 0 ? 0 : 32;
    ::_exit(wrong);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace quay::test
