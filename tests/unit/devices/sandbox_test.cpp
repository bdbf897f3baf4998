// SPDX-License-Identifier: Apache-2.0
// The cage of quay-imaging, proved from inside: a forked child locks itself in and tries what an exploit would.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <functional>
#include <string>
#include <thread>

#include "base/shared_buffer.hpp"
#include "devices/image_processor/sandbox.hpp"

namespace quay::image_processor {
namespace {

/// Exit status of a child whose act() failed to be locked in at all.
constexpr int kNotLocked = 99;

/// How a locked-in child ended that carried out `act`: its exit status (what `act` returned), or minus the signal.
int ends_after(const std::function<int()>& act) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::_exit(lock_down() ? act() : kNotLocked);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/// errno of a raw system call, 0 when it succeeded.
template <class... Arguments>
int error_of(long number, Arguments... arguments) {
  return ::syscall(number, arguments...) < 0 ? errno : 0;
}

TEST(Sandbox, NoFileCanBeOpenedReadOrMade) {
  EXPECT_EQ(ends_after([] { return error_of(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY); }), EPERM);
  EXPECT_EQ(ends_after([] { return error_of(SYS_openat, AT_FDCWD, "/tmp/quay-sandbox", O_CREAT | O_WRONLY, 0600); }),
            EPERM);
#ifdef SYS_open
  EXPECT_EQ(ends_after([] { return error_of(SYS_open, "/etc/passwd", O_RDONLY); }), EPERM);
#endif
  EXPECT_EQ(ends_after([] { return error_of(SYS_openat2, AT_FDCWD, "/etc/passwd", nullptr, 0); }), EPERM);
  EXPECT_EQ(ends_after([] { return error_of(SYS_unlinkat, AT_FDCWD, "/tmp/quay-sandbox", 0); }), EPERM);
  EXPECT_EQ(ends_after([] { return error_of(SYS_chdir, "/"); }), EPERM);
}

TEST(Sandbox, DescriptorsItMayHaveInheritedAreOfNoUse) {
  const UniqueFd file(::open("/etc/passwd", O_RDONLY | O_CLOEXEC));
  char byte = 0;
  EXPECT_EQ(ends_after([&] { return error_of(SYS_read, file.get(), &byte, 1); }), EPERM);
  EXPECT_EQ(ends_after([&] { return error_of(SYS_pread64, file.get(), &byte, 1, 0); }), EPERM);
  EXPECT_EQ(ends_after([&] { return error_of(SYS_write, STDOUT_FILENO, &byte, 1); }), EPERM);
}

TEST(Sandbox, SocketsAndProcessesKill) {
  EXPECT_EQ(ends_after([] { return error_of(SYS_socket, AF_INET, SOCK_STREAM, 0); }), -SIGSYS);
  EXPECT_EQ(ends_after([] { return error_of(SYS_socket, AF_UNIX, SOCK_STREAM, 0); }), -SIGSYS);
  EXPECT_EQ(ends_after([] { return error_of(SYS_connect, 3, nullptr, 0); }), -SIGSYS);
  EXPECT_EQ(ends_after([] { return error_of(SYS_execve, "/bin/true", nullptr, nullptr); }), -SIGSYS);
  EXPECT_EQ(ends_after([] { return static_cast<int>(::fork()); }), -SIGSYS);
  EXPECT_EQ(ends_after([] { return error_of(SYS_ptrace, PTRACE_TRACEME, 0, nullptr, nullptr); }), -SIGSYS);
  EXPECT_EQ(ends_after([] { return error_of(SYS_kill, ::getppid(), 0); }), -SIGSYS);
}

TEST(Sandbox, NoMemoryCanBeMadeExecutable) {
  EXPECT_EQ(ends_after([] {
              return error_of(SYS_mmap, nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            }),
            EPERM);
  EXPECT_EQ(ends_after([] {
              void* page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              return page == MAP_FAILED ? kNotLocked : error_of(SYS_mprotect, page, 4096, PROT_READ | PROT_EXEC);
            }),
            EPERM);
}

/// Locks itself in from the first thread while a second one waits; errno of that one's attempt to open a file.
int error_of_other_thread() {
  std::atomic<bool> locked = false;
  std::atomic<int> error = kNotLocked;
  std::thread other([&] {
    locked.wait(false);
    error = error_of(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY);
  });
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const bool ok = lock_down().has_value();
  locked.store(true);
  locked.notify_all();
  other.join();
  return ok ? error.load() : kNotLocked;
}

TEST(Sandbox, TheThreadThatRanAlreadyIsLockedInToo) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(error_of_other_thread());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), EPERM);
}

TEST(Sandbox, AThreadThatIsStartedIsLockedInToo) {
  EXPECT_EQ(ends_after([] {
              int error = kNotLocked;
              std::thread([&] { error = error_of(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY); }).join();
              return error;
            }),
            EPERM);
  EXPECT_EQ(ends_after([] {
              std::thread([] { ::fork(); }).join();
              return 0;
            }),
            -SIGSYS);
}

TEST(Sandbox, ComputingAndBuffersStillWork) {
  const int ending = ends_after([] {
    const std::string memory(std::size_t{64} << 20U, 'x');
    auto buffer = WritableBuffer::create(100'000);
    if (!buffer) {
      return 1;
    }
    buffer->bytes()[99'999] = static_cast<std::uint8_t>(memory[1000]);
    const auto seen = ReadableBuffer::open(UniqueFd(::fcntl(buffer->fd(), F_DUPFD_CLOEXEC, 0)), 100'000);
    return seen && seen->bytes()[99'999] == 'x' ? 0 : 2;
  });
  EXPECT_EQ(ending, 0);
}

}  // namespace
}  // namespace quay::image_processor
