// SPDX-License-Identifier: Apache-2.0
#include "daemon/service/hide_memory.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>

namespace quay::daemon::service {

Status hide_memory() {
  const rlimit none{0, 0};
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || ::setrlimit(RLIMIT_CORE, &none) != 0) {
    return failure(errno_error(Errc::bug, "hide_memory", errno));
  }
  return {};
}

}  // namespace quay::daemon::service
