// SPDX-License-Identifier: Apache-2.0
// Jobs as replies: found by id, and the last word of one that is over.
#pragma once

#include "daemon/jobs/ledger.hpp"
#include "protocol/client/commands.hpp"

namespace quay::daemon::commands {

/// Errors: job_unknown, journal_failed.
loop::Awaitable<Result<protocol::Job>> find_job(jobs::Ledger& ledger, JobId id);

/// The second reply of a command that became `job`, which is over.
protocol::Reply final_reply(const protocol::Job& job);

}  // namespace quay::daemon::commands
