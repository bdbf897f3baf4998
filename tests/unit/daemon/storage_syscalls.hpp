// SPDX-License-Identifier: Apache-2.0
// Watches every call by which quay and SQLite change the disk, in the order made, and can end the process with SIGKILL
// right before the n-th. Works by defining these C library functions in the test program, so that all callers, the
// SQLite library included, come through here on their way to the kernel.
#pragma once

#include <string>
#include <vector>

namespace quay::daemon::storage {

/// Forgets what was seen and begins to record.
void watch_disk_calls();

/// What was seen since: "fdatasync journal.db-wal", "linkat <name>", "fsync spool". A file without a name is
/// "unnamed", a folder or file is given by its last path component. Ends the recording.
std::vector<std::string> disk_calls_seen();

/// From the `n`-th write on (1: the next) every write says ENOSPC, until make_room().
void fill_disk_before_write(int n);
void make_room();
/// True when the disk was full at least once since fill_disk_before_write().
bool disk_was_full();

/// Kills this process before its `n`-th disk call from now on (1: the next).
void die_before_disk_call(int n);

}  // namespace quay::daemon::storage
