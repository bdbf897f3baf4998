// SPDX-License-Identifier: Apache-2.0
// A private directory with a path short enough for a UNIX socket (sockaddr_un holds 107 bytes), gone with its owner.
#pragma once

#include <filesystem>

namespace quay::rig {

class TemporaryDirectory {
 public:
  /// Makes /tmp/q-XXXXXX, mode 0700. Throws std::system_error: without it no test can go on.
  TemporaryDirectory();
  TemporaryDirectory(TemporaryDirectory&& other) noexcept;
  TemporaryDirectory& operator=(TemporaryDirectory&& other) noexcept;
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  /// Removes everything in it, unless the environment says QUAY_RIG_KEEP.
  ~TemporaryDirectory();

  const std::filesystem::path& path() const { return path_; }

 private:
  void remove() noexcept;

  std::filesystem::path path_;
};

inline std::filesystem::path operator/(const TemporaryDirectory& directory, const std::filesystem::path& name) {
  return directory.path() / name;
}

}  // namespace quay::rig
