// SPDX-License-Identifier: Apache-2.0
// In a child, since it is for good.
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "daemon/service/hide_memory.hpp"

namespace quay::daemon::service {
namespace {

TEST(HideMemoryTest, MakesTheProcessUndumpableForGood) {
  const pid_t child = ::fork();
  if (child == 0) {
    rlimit core{1, 1};
    const bool before = ::prctl(PR_GET_DUMPABLE) == 1;
    const bool hidden = hide_memory().has_value();
    ::getrlimit(RLIMIT_CORE, &core);
    std::string filter;
    std::ifstream("/proc/self/coredump_filter") >> filter;
    ::_exit(filter == "00000000" && before && hidden && ::prctl(PR_GET_DUMPABLE) == 0 && core.rlim_cur == 0 &&
                    core.rlim_max == 0
                ? 0
                : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace quay::daemon::service
