// SPDX-License-Identifier: Apache-2.0
// A file that people write by hand, read whole.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace quay::daemon::service {

inline constexpr std::size_t kLargestSmallFile = std::size_t{1024} * 1024;

/// All of `file`. `what` begins the operation of an error. Errors: file_unreadable; config_invalid when it is longer
/// than kLargestSmallFile.
Result<std::string> read_small_file(const std::filesystem::path& file, const std::string& what);

}  // namespace quay::daemon::service
