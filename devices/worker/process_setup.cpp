// SPDX-License-Identifier: Apache-2.0
#include "devices/worker/process_setup.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <csignal>

#include "base/sanitized.hpp"

namespace quay::worker {
namespace {

tl::unexpected<Error> refused(const char* call) { return failure(errno_error(Errc::worker_start_failed, call, errno)); }

}  // namespace

Status set_up_process() {
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) {
    if (std::signal(signal, SIG_IGN) == SIG_ERR) {
      return refused("signal");
    }
  }
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
    return refused("prctl PR_SET_PDEATHSIG");
  }
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return refused("prctl PR_SET_NO_NEW_PRIVS");
  }
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    return refused("prctl PR_SET_DUMPABLE");
  }
  const rlimit no_core{0, 0};
  if (::setrlimit(RLIMIT_CORE, &no_core) != 0) {
    return refused("setrlimit RLIMIT_CORE");
  }
  return {};
}

Status limit_memory(std::size_t bytes) {
  if (kSanitized) {
    return {};
  }
  const rlimit limit{bytes, bytes};
  return ::setrlimit(RLIMIT_AS, &limit) == 0 ? Status() : Status(refused("setrlimit RLIMIT_AS"));
}

}  // namespace quay::worker
