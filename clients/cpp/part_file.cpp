// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/part_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace quay::client {
namespace {

std::filesystem::path part_of(const std::filesystem::path& path) { return path.string() + ".part"; }

Status unwritable(const std::string& what) { return failure(errno_error(Errc::file_unwritable, what, errno)); }

}  // namespace

Result<PartFile> PartFile::open(const std::filesystem::path& path) {
  UniqueFd fd(::open(part_of(path).c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!fd) {
    return failure(errno_error(Errc::file_unwritable, "open " + part_of(path).string(), errno));
  }
  return PartFile(path, std::move(fd));
}

Result<std::vector<std::uint8_t>> PartFile::kept() const {
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0) {
    return failure(errno_error(Errc::file_unreadable, "read " + part_of(path_).string(), errno));
  }
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(status.st_size));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::pread(fd_.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (got <= 0) {
      return failure(errno_error(Errc::file_unreadable, "read " + part_of(path_).string(), got < 0 ? errno : EIO));
    }
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

Status PartFile::append(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      return unwritable("write " + part_of(path_).string());
    }
    bytes = bytes.subspan(written > 0 ? static_cast<std::size_t>(written) : 0);
  }
  return {};
}

Status PartFile::clear() { return ::ftruncate(fd_.get(), 0) == 0 ? Status() : unwritable("truncate"); }

Status PartFile::finish() {
  if (::fsync(fd_.get()) != 0 || ::rename(part_of(path_).c_str(), path_.c_str()) != 0) {
    return unwritable("write " + path_.string());
  }
  const std::filesystem::path folder = path_.has_parent_path() ? path_.parent_path() : ".";
  const UniqueFd directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return directory && ::fsync(directory.get()) == 0 ? Status() : unwritable("fsync " + folder.string());
}

}  // namespace quay::client
