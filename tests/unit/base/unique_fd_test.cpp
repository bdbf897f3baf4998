// SPDX-License-Identifier: Apache-2.0
#include "base/unique_fd.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace quay {
namespace {

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }
int open_null() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

TEST(UniqueFdTest, ClosesItsDescriptorWhenItGoes) {
  int raw = -1;
  {
    const UniqueFd fd(open_null());
    raw = fd.get();
    EXPECT_TRUE(is_open(raw));
  }
  EXPECT_FALSE(is_open(raw));
}

TEST(UniqueFdTest, HoldsNothingByDefault) {
  const UniqueFd fd;
  EXPECT_FALSE(fd);
  EXPECT_EQ(fd.get(), -1);
}

TEST(UniqueFdTest, DescriptorZeroIsADescriptor) {
  UniqueFd fd(0);
  EXPECT_TRUE(fd);
  EXPECT_EQ(fd.release(), 0);
}

TEST(UniqueFdTest, ReleaseHandsTheDescriptorOver) {
  UniqueFd fd(open_null());
  const UniqueFd other(fd.release());
  EXPECT_FALSE(fd);
  EXPECT_TRUE(is_open(other.get()));
}

TEST(UniqueFdTest, MovingLeavesTheSourceEmpty) {
  UniqueFd first(open_null());
  const int raw = first.get();
  UniqueFd second(std::move(first));
  EXPECT_EQ(first.get(), -1);  // NOLINT(bugprone-use-after-move): that is the promise
  EXPECT_EQ(second.get(), raw);
}

TEST(UniqueFdTest, AssigningClosesWhatWasHeld) {
  UniqueFd held(open_null());
  const int old = held.get();
  UniqueFd next(open_null());
  const int raw = next.get();
  held = std::move(next);
  EXPECT_EQ(held.get(), raw);
  EXPECT_TRUE(is_open(raw));
  EXPECT_FALSE(is_open(old));
}

TEST(UniqueFdTest, ResettingToTheSameDescriptorKeepsItOpen) {
  UniqueFd fd(open_null());
  fd.reset(fd.get());
  EXPECT_TRUE(is_open(fd.get()));
}

}  // namespace
}  // namespace quay
