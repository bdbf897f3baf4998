// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/daemon/storage_syscalls.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>

namespace quay::daemon::storage {
namespace {

struct Watch {
  bool recording = false;
  int calls_to_live = 0;   ///< 0: for ever
  int writes_to_full = 0;  ///< 0: never; 1: from the next on
  bool was_full = false;
  std::vector<std::string> seen;
};

Watch& watch() {
  static Watch the_one;
  return the_one;
}

std::string name_of(int fd) {
  const std::filesystem::path link = "/proc/self/fd/" + std::to_string(fd);
  std::error_code ignored;
  const std::string target = std::filesystem::read_symlink(link, ignored).string();
  return target.ends_with(" (deleted)") ? "unnamed" : std::filesystem::path(target).filename().string();
}

void note(const char* call, const std::string& object) {
  Watch& now = watch();
  if (now.recording) {
    now.recording = false;  // what the note itself does is not noted
    now.seen.push_back(std::string(call) + " " + object);
    now.recording = true;
  }
  if (now.calls_to_live > 0 && --now.calls_to_live == 0) {
    ::kill(::getpid(), SIGKILL);
  }
}

}  // namespace

void watch_disk_calls() {
  watch().seen.clear();
  watch().recording = true;
}

std::vector<std::string> disk_calls_seen() {
  watch().recording = false;
  return watch().seen;
}

void fill_disk_before_write(int n) {
  watch().writes_to_full = n;
  watch().was_full = false;
}

void make_room() { watch().writes_to_full = 0; }

bool disk_was_full() { return watch().was_full; }

/// Whether this write finds no room.
bool is_full() {
  Watch& now = watch();
  if (now.writes_to_full > 1) {
    --now.writes_to_full;
    return false;
  }
  now.was_full = now.was_full || now.writes_to_full == 1;
  return now.writes_to_full == 1;
}

void die_before_disk_call(int n) { watch().calls_to_live = n; }

}  // namespace quay::daemon::storage

using quay::daemon::storage::is_full;
using quay::daemon::storage::name_of;
using quay::daemon::storage::note;

extern "C" {

int fsync(int fd) {
  note("fsync", name_of(fd));
  return static_cast<int>(::syscall(SYS_fsync, fd));
}

int fdatasync(int fd) {
  note("fdatasync", name_of(fd));
  return static_cast<int>(::syscall(SYS_fdatasync, fd));
}

ssize_t write(int fd, const void* bytes, size_t size) {
  note("write", name_of(fd));
  if (is_full()) {
    errno = ENOSPC;
    return -1;
  }
  return ::syscall(SYS_write, fd, bytes, size);
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  note("write", name_of(fd));
  if (is_full()) {
    errno = ENOSPC;
    return -1;
  }
  return ::syscall(SYS_pwrite64, fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
  note("write", name_of(fd));
  if (is_full()) {
    errno = ENOSPC;
    return -1;
  }
  return ::syscall(SYS_pwrite64, fd, bytes, size, at);
}

int ftruncate(int fd, off_t size) noexcept {
  note("ftruncate", name_of(fd));
  return static_cast<int>(::syscall(SYS_ftruncate, fd, size));
}

int ftruncate64(int fd, off64_t size) noexcept {
  note("ftruncate", name_of(fd));
  return static_cast<int>(::syscall(SYS_ftruncate, fd, size));
}

int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
  note("linkat", to);
  return static_cast<int>(::syscall(SYS_linkat, from_folder, from, to_folder, to, flags));
}

int mkdirat(int folder, const char* name, mode_t mode) noexcept {
  note("mkdirat", name);
  return static_cast<int>(::syscall(SYS_mkdirat, folder, name, mode));
}

int unlinkat(int folder, const char* name, int flags) noexcept {
  note("unlinkat", name);
  return static_cast<int>(::syscall(SYS_unlinkat, folder, name, flags));
}

int unlink(const char* path) noexcept {
  note("unlink", std::filesystem::path(path).filename().string());
  return static_cast<int>(::syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}

}  // extern "C"
