// SPDX-License-Identifier: Apache-2.0
// A disk of its own for a directory: an ext4 image behind a loop device, or a small tmpfs, so that a test can search
// every block of a disk, or fill it. Needs root and mounts; says when it cannot have them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace quay::system_test {

class DiskImage {
 public:
  /// Makes an ext4 of `bytes` in `image` and mounts it at `directory`. Ends with the object.
  DiskImage(std::filesystem::path image, std::filesystem::path directory, std::uint64_t bytes);
  /// A tmpfs of `bytes` at `directory`.
  DiskImage(std::filesystem::path directory, std::uint64_t bytes);
  DiskImage(const DiskImage&) = delete;
  DiskImage& operator=(const DiskImage&) = delete;
  ~DiskImage();

  /// False when this user may not mount: then `directory` is an ordinary one.
  bool mounted() const { return mounted_; }
  /// Everything written so far is in the image.
  void settle() const;
  /// All blocks of the disk, used or not; all files below the directory when it is not mounted.
  std::string blocks() const;

 private:
  std::filesystem::path image_;
  std::filesystem::path directory_;
  bool mounted_ = false;
};

/// Contents of all files below `directory`, and their names.
std::string everything_in(const std::filesystem::path& directory);

}  // namespace quay::system_test
