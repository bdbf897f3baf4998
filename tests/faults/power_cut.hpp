// SPDX-License-Identifier: Apache-2.0
// What a disk holds after a power cut, put together from what disk_recorder.cpp kept. POSIX promises only what was
// synced: a file's bytes by fsync of the file, its name by fsync of the folder. Of the rest a real disk keeps some and
// loses some.
#pragma once

#include <filesystem>
#include <random>

namespace quay::faults {

/// Which part of what was never synced survives.
enum class Unsynced { lost, by_chance };

/// Replaces `root` (whose process is gone) by what the disk would hold. Throws std::filesystem::filesystem_error.
void cut_power(const std::filesystem::path& root, const std::filesystem::path& shadow, Unsynced fate,
               std::mt19937& chance);

}  // namespace quay::faults
