// SPDX-License-Identifier: Apache-2.0
// A name for a file or folder that no other one ever has, not even after it was removed: inode number and time of
// birth.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <string>

namespace quay::faults {

/// Nothing when `path` does not exist.
inline std::optional<std::string> object_key(const std::filesystem::path& path) {
  struct statx status {};
  if (::statx(AT_FDCWD, path.c_str(), 0, STATX_INO | STATX_BTIME, &status) != 0) {
    return std::nullopt;
  }
  return std::to_string(status.stx_ino) + "-" + std::to_string(status.stx_btime.tv_sec) + "." +
         std::to_string(status.stx_btime.tv_nsec);
}

}  // namespace quay::faults
