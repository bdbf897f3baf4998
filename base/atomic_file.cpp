// SPDX-License-Identifier: Apache-2.0
#include "base/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "base/unique_fd.hpp"

namespace quay {
namespace {

std::filesystem::path directory_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

Error unwritable(const char* call, const std::filesystem::path& path) {
  return errno_error(Errc::file_unwritable, std::string(call) + " " + path.string(), errno);
}

bool write_all(int fd, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
  return true;
}

/// What a plain open(2) would have given the file: 0666 less the umask.
mode_t usual_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return static_cast<mode_t>(0666) & ~mask;
}

}  // namespace

Status write_atomically(const std::filesystem::path& path, std::span<const std::uint8_t> bytes,
                        std::optional<mode_t> mode) {
  std::string temporary = path.string() + ".XXXXXX";
  const UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) {
    return failure(unwritable("create", path));
  }
  if (!write_all(fd.get(), bytes) || ::fchmod(fd.get(), mode.value_or(usual_mode())) != 0 || ::fsync(fd.get()) != 0 ||
      ::rename(temporary.c_str(), path.c_str()) != 0) {
    const Error error = unwritable("write", path);
    ::unlink(temporary.c_str());
    return failure(error);
  }
  const UniqueFd directory(::open(directory_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory || ::fsync(directory.get()) != 0) {
    return failure(unwritable("fsync", directory_of(path)));
  }
  return {};
}

Status check_writable(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) {
    errno = EISDIR;
    return failure(unwritable("open", path));
  }
  if (::access(directory_of(path).c_str(), W_OK | X_OK) != 0) {
    return failure(unwritable("open", path));
  }
  return {};
}

}  // namespace quay
