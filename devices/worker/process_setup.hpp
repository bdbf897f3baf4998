// SPDX-License-Identifier: Apache-2.0
// What every worker process does to itself before it touches a device. quayd has already closed all descriptors above
// the channel and cleaned the environment.
#pragma once

#include "base/result.hpp"

namespace quay::worker {

/// 1. Ignores SIGPIPE (libraries write to dead sockets) and SIGINT, SIGTERM, SIGHUP: a worker lives and dies by its
///    channel, so that a Ctrl-C or a service stop lets quayd finish in order.
/// 2. Dies with its parent (PR_SET_PDEATHSIG). A parent that died before this call is noticed as end of file on the
///    channel.
/// 3. Gains no privilege by exec (PR_SET_NO_NEW_PRIVS).
/// 4. Leaves no core dump and cannot be read by other processes of the user (PR_SET_DUMPABLE, RLIMIT_CORE): pages of
///    citizens are in this memory.
/// Errors: worker_start_failed naming the call that the kernel refused.
Status set_up_process();

/// Limits the address space to `bytes` (RLIMIT_AS), so that a hostile picture cannot take the machine's memory. Does
/// nothing in sanitizer builds, whose shadow memory alone is terabytes. Errors: worker_start_failed.
Status limit_memory(std::size_t bytes);

}  // namespace quay::worker
