// SPDX-License-Identifier: Apache-2.0
// A file that is there whole or not at all: written beside its place, synced, renamed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

#include <sys/types.h>

#include "base/result.hpp"

namespace quay {

/// Replaces `path` by `bytes`. Without `mode` the file gets what a plain open(2) gives. Errors: file_unwritable; `path`
/// is then as it was.
Status write_atomically(const std::filesystem::path& path, std::span<const std::uint8_t> bytes,
                        std::optional<mode_t> mode = {});

/// Says before the paper moves whether `path` could be written. Errors: file_unwritable.
Status check_writable(const std::filesystem::path& path);

}  // namespace quay
