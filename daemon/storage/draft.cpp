// SPDX-License-Identifier: Apache-2.0
#include "daemon/storage/draft.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "base/ids.hpp"
#include "daemon/storage/room.hpp"

namespace quay::daemon::storage {
namespace {

Error write_error(const char* operation, int error_number) {
  return errno_error(errc_of_write(error_number, Errc::spool_failed), operation, error_number);
}

/// What open(2) says on a kernel or file system without O_TMPFILE.
bool lacks_unnamed_files(int error_number) { return error_number == EOPNOTSUPP || error_number == EISDIR; }

}  // namespace

Result<Draft> Draft::create(int folder) {
  UniqueFd file(::openat(folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
  if (file) {
    return Draft(folder, std::move(file), "");
  }
  if (!lacks_unnamed_files(errno)) {
    return failure(write_error("spool.create", errno));
  }
  std::string name = "." + random_uuid();
  file.reset(::openat(folder, name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) {
    return failure(write_error("spool.create", errno));
  }
  return Draft(folder, std::move(file), std::move(name));
}

Draft::Draft(Draft&& other) noexcept
    : folder_(other.folder_),
      file_(std::move(other.file_)),
      temporary_name_(std::exchange(other.temporary_name_, "")) {}

Draft::~Draft() {
  if (!temporary_name_.empty()) {
    ::unlinkat(folder_, temporary_name_.c_str(), 0);
  }
}

Status Draft::write(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      return failure(write_error("spool.write", errno));
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written < 0 ? 0 : written));
  }
  return {};
}

Status Draft::publish(const std::string& name) {
  int linked = -1;
  if (temporary_name_.empty()) {
    // linkat(2): the way to name an O_TMPFILE without CAP_DAC_READ_SEARCH.
    const std::string self = fmt::format("/proc/self/fd/{}", file_.get());
    linked = ::linkat(AT_FDCWD, self.c_str(), folder_, name.c_str(), AT_SYMLINK_FOLLOW);
  } else {
    linked = ::linkat(folder_, temporary_name_.c_str(), folder_, name.c_str(), 0);
  }
  if (linked != 0) {
    return failure(write_error("spool.link", errno));
  }
  return {};
}

}  // namespace quay::daemon::storage
