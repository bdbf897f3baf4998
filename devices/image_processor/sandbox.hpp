// SPDX-License-Identifier: Apache-2.0
// The cage of the process that decodes pictures from anywhere: after lock_down() it can compute, take memory, and use
// the descriptors it has. No file can be opened, no socket made, no program or process or thread started.
#pragma once

#include "base/result.hpp"

namespace quay::image_processor {

/// Address space of the process: a 133-megapixel page, its copy and what cleaning needs beside them.
inline constexpr std::size_t kMostMemory = std::size_t{1536} * 1024 * 1024;

/// Loads a seccomp filter for every thread of the process, for good (seccomp(2), libseccomp). A call on the list of
/// what is needed is allowed; exec, fork, clone, sockets and debugging kill the process; everything else, opening
/// files above all, fails with EPERM, because libraries try that in good faith (a locale, a random device).
/// Precondition: PR_SET_NO_NEW_PRIVS; no thread is started afterwards.
/// Errors: worker_start_failed naming the rule the kernel refused.
Status lock_down();

}  // namespace quay::image_processor
