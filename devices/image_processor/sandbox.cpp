// SPDX-License-Identifier: Apache-2.0
#include "devices/image_processor/sandbox.hpp"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>
#include <memory>

#include "base/sanitized.hpp"
#include "devices/worker/channel.hpp"

namespace quay::image_processor {
namespace {

// clang-format off
/// What computing takes, whatever the arguments. Memory that could be executed is ruled out below.
constexpr int kAllowed[] = {
    // memory
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
    // two threads: waiting, and the start of one that was created just before the lock
    SCMP_SYS(futex), SCMP_SYS(sched_yield), SCMP_SYS(restart_syscall), SCMP_SYS(rseq), SCMP_SYS(set_robust_list),
    // time
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(gettimeofday),
    // buffers
    SCMP_SYS(memfd_create), SCMP_SYS(ftruncate), SCMP_SYS(fcntl), SCMP_SYS(fstat), SCMP_SYS(close),
    SCMP_SYS(getrandom),
    // an orderly end, also by abort
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
    SCMP_SYS(gettid), SCMP_SYS(getpid), SCMP_SYS(tgkill), SCMP_SYS(exit), SCMP_SYS(exit_group),
};

/// What no library does by mistake.
constexpr int kDeadly[] = {
    SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork),
    SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind),
    SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(kill),
    SCMP_SYS(bpf), SCMP_SYS(io_uring_setup),
};

// clang-format on

struct ReleaseFilter {
  void operator()(void* filter) const { ::seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, ReleaseFilter>;

scmp_arg_cmp argument_is(unsigned index, scmp_datum_t value) { return {index, SCMP_CMP_EQ, value, 0}; }
scmp_arg_cmp argument_lacks(unsigned index, scmp_datum_t bits) { return {index, SCMP_CMP_MASKED_EQ, bits, 0}; }
scmp_arg_cmp argument_has(unsigned index, scmp_datum_t bits) { return {index, SCMP_CMP_MASKED_EQ, bits, bits}; }

/// A thread may be started, which shares this filter: libde265 decodes in one of its own. A process may not. clone3
/// hides its flags from a filter; without it the C library uses clone.
int allow_threads_only(scmp_filter_ctx filter) {
  const scmp_arg_cmp thread = argument_has(0, CLONE_THREAD);
  const scmp_arg_cmp process = argument_lacks(0, CLONE_THREAD);
  int error = ::seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, &thread);
  error = error != 0 ? error : ::seccomp_rule_add_array(filter, SCMP_ACT_KILL_PROCESS, SCMP_SYS(clone), 1, &process);
  return error != 0 ? error : ::seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0, nullptr);
}

/// Calls that are needed with some arguments only.
int allow_with_limits(scmp_filter_ctx filter) {
  struct Limited {
    int call;
    scmp_arg_cmp limit;
  };
  const Limited limited[] = {
      {SCMP_SYS(mmap), argument_lacks(2, PROT_EXEC)},
      {SCMP_SYS(mprotect), argument_lacks(2, PROT_EXEC)},
      {SCMP_SYS(recvmsg), argument_is(0, worker::kChannelDescriptor)},
      {SCMP_SYS(sendmsg), argument_is(0, worker::kChannelDescriptor)},
      {SCMP_SYS(write), argument_is(0, STDERR_FILENO)},
      {SCMP_SYS(newfstatat), argument_has(3, AT_EMPTY_PATH)},  // glibc's fstat
  };
  for (const Limited& rule : limited) {
    if (const int error = ::seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, rule.call, 1, &rule.limit); error != 0) {
      return error;
    }
  }
  return 0;
}

/// A sanitizer asks whether an address is mapped by writing it into a pipe, and for the stack of each thread that
/// starts, which to the C library means its processors too. Not in what is shipped.
int allow_for_sanitizers(scmp_filter_ctx filter) {
  const scmp_arg_cmp not_standard = {0, SCMP_CMP_GT, worker::kChannelDescriptor, 0};
  int error = ::seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, &not_standard);
  for (const int call : {SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(sched_getaffinity)}) {
    error = error != 0 ? error : ::seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 0, nullptr);
  }
  return error;
}

int add_rules(scmp_filter_ctx filter) {
  for (const int call : kAllowed) {
    if (const int error = ::seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 0, nullptr); error != 0) {
      return error;
    }
  }
  for (const int call : kDeadly) {
    if (const int error = ::seccomp_rule_add_array(filter, SCMP_ACT_KILL_PROCESS, call, 0, nullptr); error != 0) {
      return error;
    }
  }
  if (const int error = allow_with_limits(filter); error != 0) {
    return error;
  }
  if (const int error = allow_threads_only(filter); error != 0) {
    return error;
  }
  return kSanitized ? allow_for_sanitizers(filter) : 0;
}

}  // namespace

Status lock_down() {
  const Filter filter(::seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  if (!filter) {
    return failure(Errc::worker_start_failed, "seccomp_init", "libseccomp gave no filter");
  }
  int error = ::seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1);
  error = error != 0 ? error : ::seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  error = error != 0 ? error : add_rules(filter.get());
  error = error != 0 ? error : ::seccomp_load(filter.get());
  if (error != 0) {
    return failure(errno_error(Errc::worker_start_failed, "seccomp", -error));
  }
  return {};
}

}  // namespace quay::image_processor
