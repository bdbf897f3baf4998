// SPDX-License-Identifier: Apache-2.0
// How much the spool holds and how much more it may. What comes or goes meanwhile is counted or not.
#include <sys/statvfs.h>

#include <cerrno>

#include "daemon/storage/spool.hpp"

namespace quay::daemon::storage {

Result<std::uint64_t> Spool::spare_bytes() const {
  struct statvfs disk {};
  if (::fstatvfs(directory_.get(), &disk) != 0) {
    return failure(errno_error(Errc::spool_failed, "statvfs " + root_.string(), errno));
  }
  const std::uint64_t free = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  return free > limits_.keep_free_bytes ? free - limits_.keep_free_bytes : 0;
}

Result<SpoolUse> Spool::use() const {
  const auto spare = spare_bytes();
  if (!spare) {
    return failure(spare.error());
  }
  SpoolUse use;
  use.free_bytes = *spare;
  std::error_code error;
  // What is not ours to read (lost+found) is not ours.
  std::filesystem::recursive_directory_iterator entry(root_, std::filesystem::directory_options::skip_permission_denied,
                                                      error);
  for (; !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code gone;
    const std::uint64_t bytes = entry->is_regular_file(gone) ? entry->file_size(gone) : 0;
    if (!gone && bytes > 0) {
      use.objects += 1;
      use.bytes += bytes;
    }
  }
  if (error) {
    return failure(errno_error(Errc::spool_failed, "spool.use", error.value()));
  }
  return use;
}

}  // namespace quay::daemon::storage
