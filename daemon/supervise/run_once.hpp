// SPDX-License-Identifier: Apache-2.0
// A helper program that answers on its standard output and ends: run under a deadline, killed when it is over.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "daemon/loop/awaitable.hpp"
#include "daemon/supervise/process.hpp"

namespace quay::daemon::supervise {

/// Everything the program printed, at most 1 MiB. Errors: worker_start_failed; device_timeout when it had not ended by
/// `deadline`; worker_crashed with how it ended when that was not exit status 0.
loop::Awaitable<Result<std::string>> run_once(loop::Loop& loop, ProcessSpec spec, Deadline deadline);

}  // namespace quay::daemon::supervise
