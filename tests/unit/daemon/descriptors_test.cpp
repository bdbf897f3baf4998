// SPDX-License-Identifier: Apache-2.0
// Descriptors are counted, and their getting short is seen before libzmq ends the process for want of one.
#include "daemon/service/descriptors.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <vector>

#include "base/unique_fd.hpp"

namespace quay::daemon::service {
namespace {

TEST(DescriptorsTest, AreCountedAsTheyCome) {
  const std::size_t before = descriptor_use().open;
  std::vector<UniqueFd> more;
  for (int i = 0; i < 20; ++i) {
    more.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  }
  EXPECT_EQ(descriptor_use().open, before + 20);
}

TEST(DescriptorsTest, AlarmBeyondHalfOfTheLimit) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = 2 * descriptor_use().open + 20;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_FALSE(descriptor_use().alarming());
  std::vector<UniqueFd> more;
  for (int i = 0; i < 20; ++i) {
    more.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  }
  EXPECT_TRUE(descriptor_use().alarming());
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(DescriptorsTest, TheLimitIsRaisedToWhatIsAllowed) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = std::min<rlim_t>(before.rlim_max, 100);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  raise_descriptor_limit();
  EXPECT_EQ(descriptor_use().limit, std::min<rlim_t>(before.rlim_max, 65536));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace quay::daemon::service
