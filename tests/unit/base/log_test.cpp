// SPDX-License-Identifier: Apache-2.0
// Log lines as systemd-journald would read them: standard error is replaced by a real pipe.
#include "base/log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <limits.h>
#include <unistd.h>

#include <array>
#include <string>

#include "base/unique_fd.hpp"

namespace quay {
namespace {

class LogTest : public testing::Test {
 protected:
  LogTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
    reader_.reset(ends[0]);
    const UniqueFd writer(ends[1]);
    stderr_.reset(::dup(STDERR_FILENO));
    ::dup2(writer.get(), STDERR_FILENO);
  }
  ~LogTest() override { restore(); }

  /// What was written, with standard error put back first so that the test can fail aloud.
  std::string written() {
    restore();
    std::string text(65536, '\0');
    const ssize_t got = ::read(reader_.get(), text.data(), text.size());
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return text;
  }

 private:
  void restore() {
    if (stderr_) {
      ::dup2(stderr_.get(), STDERR_FILENO);
      stderr_.reset();
    }
  }
  UniqueFd reader_;
  UniqueFd stderr_;
};

TEST_F(LogTest, ALineIsPriorityProgramAndText) {  // sd-daemon(3)
  const Log log("quayd");
  log.error("scanner {}: {}", "counter-1", 6);
  log.warning("w");
  log.info("i");
  EXPECT_EQ(written(), "<3>quayd: scanner counter-1: 6\n<4>quayd: w\n<6>quayd: i\n");
}

TEST_F(LogTest, WhatIsBelowTheThresholdIsNotWritten) {
  Log log("quayd", LogLevel::warning);
  log.info("no");
  log.debug("no");
  log.warning("yes");
  log.set_threshold(LogLevel::debug);
  log.debug("now");
  EXPECT_EQ(written(), "<4>quayd: yes\n<7>quayd: now\n");
}

TEST_F(LogTest, TextCannotBeginALineOfItsOwn) {
  const Log log("quayd");
  log.info("a\n<0>kernel: b\r\0\x1b[31m");
  EXPECT_EQ(written(), "<6>quayd: a <0>kernel: b \n") << "text ends at the NUL of a format string";
}

TEST_F(LogTest, ControlCharactersInArgumentsBecomeSpaces) {
  const Log log("quayd");
  log.info("{}", std::string("x\ny\x1b[1m\0z", 9));
  EXPECT_EQ(written(), "<6>quayd: x y [1m z\n");
}

TEST_F(LogTest, ALineIsShorterThanOneAtomicPipeWrite) {
  const Log log("quayd");
  log.info("{}", std::string(100'000, 'x'));
  const std::string line = written();
  EXPECT_LE(line.size(), std::size_t{PIPE_BUF});
  EXPECT_GT(line.size(), 3000U);
  EXPECT_EQ(line.back(), '\n');
}

TEST_F(LogTest, VietnameseTextPassesUnchanged) {
  const Log log("quayd");
  log.info("{}", "Kẹt giấy: mở nắp máy");
  EXPECT_EQ(written(), "<6>quayd: Kẹt giấy: mở nắp máy\n");
}

}  // namespace
}  // namespace quay
