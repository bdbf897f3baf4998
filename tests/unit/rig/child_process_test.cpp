// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/support/child_process.hpp"

#include <csignal>

#include <gmock/gmock.h>

#include "tests/rig/control/socket_server.hpp"
#include "tests/rig/support/temporary_directory.hpp"
#include "tests/rig/support/wait_until.hpp"

namespace quay::rig {
namespace {

class Child : public testing::Test {
 protected:
  Result<ChildProcess> shell(const std::string& script, std::map<std::string, std::string> environment = {}) {
    ChildOptions options;
    options.arguments = {"sh", "-c", script};
    options.environment = std::move(environment);
    options.output_directory = directory_.path();
    options.pipe_input = true;
    return ChildProcess::start(options);
  }

  TemporaryDirectory directory_;
};

TEST_F(Child, ItsExitCodeAndWhatItPrintedAreKept) {
  auto child = shell("echo out $NAME; echo err >&2; exit 3", {{"NAME", "quay"}});
  ASSERT_TRUE(child);
  EXPECT_EQ(child->wait().value(), (ChildExit{3, 0}));
  EXPECT_EQ(child->output(), "out quay\n");
  EXPECT_EQ(child->errors(), "err\n");
  EXPECT_THAT(child->transcript(), testing::HasSubstr("echo out"));
}

TEST_F(Child, OneThatHearsNothingIsKilledAtTheEndOfTheGrace) {
  auto child = shell("trap '' TERM; echo ready; while :; do sleep 1; done");
  ASSERT_TRUE(child);
  ASSERT_TRUE(wait_until([&] { return child->output() == "ready\n"; }));
  const auto waited = child->wait(Milliseconds(1));
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().code, Errc::device_timeout);
  EXPECT_EQ(child->stop(Milliseconds(50)), (ChildExit{-1, SIGKILL}));
  EXPECT_FALSE(child->running());
}

TEST_F(Child, OneThatListensEndsBySigterm) {
  auto child = shell("exec sleep 600");
  ASSERT_TRUE(child);
  EXPECT_EQ(child->stop(std::chrono::seconds(20)), (ChildExit{-1, SIGTERM}));
}

TEST_F(Child, ItReadsWhatIsWrittenToItsInput) {
  auto child = shell("cat");
  ASSERT_TRUE(child);
  ASSERT_EQ(::write(child->input().get(), "hello", 5), 5);
  child->input().reset();
  EXPECT_EQ(child->wait().value(), (ChildExit{0, 0}));
  EXPECT_EQ(child->output(), "hello");
}

TEST_F(Child, AProgramThatDoesNotExistIsAnErrorAtOnce) {
  ChildOptions options;
  options.arguments = {"/nowhere/program"};
  options.output_directory = directory_.path();
  const auto child = ChildProcess::start(options);
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().code, Errc::worker_start_failed);
  EXPECT_EQ(child.error().native.name, "ENOENT");
}

TEST_F(Child, ItIsGoneWhenItsOwnerIsGone) {
  pid_t pid = 0;
  {
    auto child = shell("exec sleep 600");
    ASSERT_TRUE(child);
    pid = child->pid();
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(TemporaryDirectory, IsShortEnoughForASocketAndGoesWithItsOwner) {
  std::filesystem::path path;
  {
    TemporaryDirectory first;
    const TemporaryDirectory second(std::move(first));
    path = second.path();
    EXPECT_TRUE(std::filesystem::is_directory(path));
    EXPECT_LT(path.string().size(), 40U);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace quay::rig
