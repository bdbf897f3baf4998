// SPDX-License-Identifier: Apache-2.0
// Preloaded into quayd by the fault tests. Sees every call that changes the state directory, ends the process before
// the n-th of them, and keeps beside the directory what the disk would hold after a power cut: a file as it was at its
// last fsync, a folder with the names it had at its last fsync (power_cut.cpp puts that together again). Only files and
// folders under QUAY_DISK_ROOT count; the rest of the process is left alone.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "tests/faults/object_key.hpp"

namespace quay::faults {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = ::getenv(name);
  return value != nullptr ? value : "";
}

/// Copies a file's content; what cannot be read any more is not there.
void copy_content(const fs::path& from, const fs::path& to) {
  std::error_code ignored;
  const fs::path unfinished = to.string() + ".new";
  fs::copy_file(from, unfinished, fs::copy_options::overwrite_existing, ignored);
  fs::rename(unfinished, to, ignored);
}

class Recorder {
 public:
  Recorder()
      : root_(variable("QUAY_DISK_ROOT")),
        shadow_(variable("QUAY_DISK_SHADOW")),
        deaf_to_(variable("QUAY_DISK_DEAF_TO")),
        kill_before_(std::strtoull(variable("QUAY_DISK_KILL_BEFORE").c_str(), nullptr, 10)) {
    if (root_.empty()) {
      return;
    }
    map_count(variable("QUAY_DISK_COUNT"));
    if (!shadow_.empty() && !fs::exists(shadow_ / "root")) {
      fs::create_directories(shadow_);
      remember_all();
    }
  }

  /// One more change is about to happen.
  void about_to_change(const std::string& path) {
    if (!concerns(path)) {
      return;
    }
    const std::scoped_lock lock(mutex_);
    const std::uint64_t number = count_ != nullptr ? ++*count_ : ++uncounted_;
    if (number == kill_before_) {
      ::kill(::getpid(), SIGKILL);
    }
  }

  /// What stands behind the descriptor is on the disk now.
  void synced(int fd) {
    const std::string path = path_of(fd);
    if (shadow_.empty() || !concerns(path) || (!deaf_to_.empty() && path.find(deaf_to_) != std::string::npos)) {
      return;
    }
    const std::scoped_lock lock(mutex_);
    const auto key = object_key("/proc/self/fd/" + std::to_string(fd));
    if (!key) {
      return;
    }
    struct stat status {};
    ::fstat(fd, &status);
    if (S_ISDIR(status.st_mode)) {
      remember_folder(path, *key);
    } else {
      copy_content("/proc/self/fd/" + std::to_string(fd), shadow_ / *key);
    }
  }

  static std::string path_of(int fd) {
    std::error_code ignored;
    return fs::read_symlink("/proc/self/fd/" + std::to_string(fd), ignored).string();
  }

  static std::string path_of(int folder, const char* name) {
    if (name[0] == '/') {
      return name;
    }
    return (folder == AT_FDCWD ? fs::current_path() : fs::path(path_of(folder))) / name;
  }

 private:
  bool concerns(const std::string& path) const {
    return !root_.empty() && (path == root_.string() || path.starts_with(root_.string() + "/"));
  }

  void map_count(const std::string& file) {
    if (file.empty()) {
      return;
    }
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ::syscall(SYS_ftruncate, fd, sizeof(std::uint64_t)) != 0) {
      return;
    }
    void* page = ::mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    count_ = page != MAP_FAILED ? static_cast<std::uint64_t*>(page) : nullptr;
    ::close(fd);
  }

  void remember_folder(const fs::path& folder, const std::string& key) {
    std::ofstream list(shadow_ / (key + ".new"), std::ios::trunc);
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
      if (const auto entry_key = object_key(entry.path())) {
        list << (entry.is_directory(ignored) ? "d " : "f ") << *entry_key << ' ' << entry.path().filename().string()
             << '\n';
      }
    }
    list.close();
    fs::rename(shadow_ / (key + ".new"), shadow_ / key, ignored);
  }

  /// All that is there before the process begins is on the disk.
  void remember_all() {
    const auto root_key = object_key(root_);
    if (!root_key) {
      return;
    }
    remember_folder(root_, *root_key);
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
      const auto key = object_key(entry.path());
      if (key && entry.is_directory()) {
        remember_folder(entry.path(), *key);
      } else if (key && entry.is_regular_file()) {
        copy_content(entry.path(), shadow_ / *key);
      }
    }
    std::ofstream(shadow_ / "root") << *root_key;
  }

  std::mutex mutex_;
  fs::path root_;
  fs::path shadow_;
  std::string deaf_to_;            ///< syncs of paths that hold this are not believed: a disk that lies
  std::uint64_t kill_before_ = 0;  ///< 0: never
  std::uint64_t* count_ = nullptr;
  std::uint64_t uncounted_ = 0;
};

/// Made at the first call, never destroyed: the process may write until its very end.
Recorder& recorder() {
  static auto* the_one = std::make_unique<Recorder>().release();
  return *the_one;
}

bool& noting_already() {
  thread_local bool flag = false;
  return flag;
}

/// Runs `note` unless it is the recorder itself that called; keeps errno.
template <class Note>
void noting(Note note) {
  if (noting_already()) {
    return;
  }
  const int kept = errno;
  noting_already() = true;
  note(recorder());
  noting_already() = false;
  errno = kept;
}

__attribute__((constructor)) void begin() {
  noting([](Recorder&) {});
}

int after_sync(int fd, int outcome) {
  if (outcome == 0) {
    noting([&](Recorder& disk) { disk.synced(fd); });
  }
  return outcome;
}

void before_change(int fd) {
  noting([&](Recorder& disk) { disk.about_to_change(Recorder::path_of(fd)); });
}

void before_change(int folder, const char* name) {
  noting([&](Recorder& disk) { disk.about_to_change(Recorder::path_of(folder, name)); });
}

}  // namespace
}  // namespace quay::faults

using quay::faults::after_sync;
using quay::faults::before_change;

extern "C" {

int fsync(int fd) {
  before_change(fd);
  return after_sync(fd, static_cast<int>(::syscall(SYS_fsync, fd)));
}

int fdatasync(int fd) {
  before_change(fd);
  return after_sync(fd, static_cast<int>(::syscall(SYS_fdatasync, fd)));
}

ssize_t write(int fd, const void* bytes, size_t size) {
  before_change(fd);
  return ::syscall(SYS_write, fd, bytes, size);
}

ssize_t writev(int fd, const iovec* parts, int count) {
  before_change(fd);
  return ::syscall(SYS_writev, fd, parts, count);
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  before_change(fd);
  return ::syscall(SYS_pwrite64, fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
  before_change(fd);
  return ::syscall(SYS_pwrite64, fd, bytes, size, at);
}

int ftruncate(int fd, off_t size) noexcept {
  before_change(fd);
  return static_cast<int>(::syscall(SYS_ftruncate, fd, size));
}

int ftruncate64(int fd, off64_t size) noexcept {
  before_change(fd);
  return static_cast<int>(::syscall(SYS_ftruncate, fd, size));
}

int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
  before_change(to_folder, to);
  return static_cast<int>(::syscall(SYS_linkat, from_folder, from, to_folder, to, flags));
}

int mkdirat(int folder, const char* name, mode_t mode) noexcept {
  before_change(folder, name);
  return static_cast<int>(::syscall(SYS_mkdirat, folder, name, mode));
}

int mkdir(const char* path, mode_t mode) noexcept {
  before_change(AT_FDCWD, path);
  return static_cast<int>(::syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}

int unlink(const char* path) noexcept {
  before_change(AT_FDCWD, path);
  return static_cast<int>(::syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}

int unlinkat(int folder, const char* name, int flags) noexcept {
  before_change(folder, name);
  return static_cast<int>(::syscall(SYS_unlinkat, folder, name, flags));
}

int rename(const char* from, const char* to) noexcept {
  before_change(AT_FDCWD, to);
  return static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  before_change(to_folder, to);
  return static_cast<int>(::syscall(SYS_renameat2, from_folder, from, to_folder, to, 0));
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
  before_change(to_folder, to);
  return static_cast<int>(::syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}

}  // extern "C"
