// SPDX-License-Identifier: Apache-2.0
// A file that keeps a little room on the disk for the purge: erasing has to write a few pages first, also when nothing
// else can be written any more. Holds zeros.
#pragma once

#include <cstdint>
#include <filesystem>

namespace quay::daemon::storage {

class Reserve {
 public:
  /// `bytes` 0: none. Takes what it can get now and tries again at each take().
  Reserve(const std::filesystem::path& folder, std::uint64_t bytes);

  /// Gives the room back to the disk. A failure is one of whoever needs the room.
  void release() const;
  /// Takes it again, all or nothing.
  void take() const;

 private:
  std::filesystem::path file_;
  std::uint64_t bytes_;
};

}  // namespace quay::daemon::storage
