// SPDX-License-Identifier: Apache-2.0
#include "daemon/service/hide_memory.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>

#include "base/unique_fd.hpp"

namespace quay::daemon::service {

namespace {

/// Should somebody dump it all the same (a debugger of root's honours this too): nothing of its memory goes in. Workers
/// inherit it. Before the process is undumpable, which gives its /proc files to root.
void leave_memory_out_of_dumps() {
  const UniqueFd filter(::open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC));  // core(5)
  [[maybe_unused]] const ssize_t written = ::write(filter.get(), "0", 1);  // without /proc there is none to ask
}

}  // namespace

Status hide_memory() {
  const rlimit none{0, 0};
  leave_memory_out_of_dumps();
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || ::setrlimit(RLIMIT_CORE, &none) != 0) {
    return failure(errno_error(Errc::bug, "hide_memory", errno));
  }
  return {};
}

}  // namespace quay::daemon::service
