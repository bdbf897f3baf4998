// SPDX-License-Identifier: Apache-2.0
// What has come of a file so far, kept beside its place for the next attempt, of this program or of the next one. It
// gets the file's name when it is whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace quay::client {

class PartFile {
 public:
  /// Opens or makes `path`.part (0600). Errors: file_unwritable.
  static Result<PartFile> open(const std::filesystem::path& path);

  /// What an earlier attempt left. Errors: file_unreadable.
  Result<std::vector<std::uint8_t>> kept() const;
  /// Errors: file_unwritable.
  Status append(std::span<const std::uint8_t> bytes);
  Status clear();
  /// Makes it durable and gives it its name.
  Status finish();

 private:
  PartFile(std::filesystem::path path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}

  std::filesystem::path path_;
  UniqueFd fd_;
};

}  // namespace quay::client
