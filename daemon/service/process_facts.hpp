// SPDX-License-Identifier: Apache-2.0
// What the kernel says of this process (proc(5)): for the metrics. Reads procfs, never a disk.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace quay::daemon::service {

struct ProcessFacts {
  double cpu_seconds = 0;         ///< user and system, of all threads
  double start_time_seconds = 0;  ///< since 1970 in UTC
  std::uint64_t resident_bytes = 0;
};

/// The facts in `stat`, the text of /proc/PID/stat; `boot_time` is btime of /proc/stat. Errors: file_unreadable when it
/// is no such text.
Result<ProcessFacts> facts_of(std::string_view stat, std::uint64_t boot_time);

/// Of this process. Errors: file_unreadable.
Result<ProcessFacts> process_facts();

}  // namespace quay::daemon::service
