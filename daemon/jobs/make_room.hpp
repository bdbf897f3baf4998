// SPDX-License-Identifier: Apache-2.0
// What happens when the disk is nearly full and paper is about to move: originals of pages that their front end has
// safe, and that are clean, make room, oldest first, and everybody is told. Nothing else is ever dropped.
#pragma once

#include "daemon/jobs/ledger.hpp"

namespace quay::daemon::jobs {

/// Sees to it that `bytes` fit into the spool. Errors: spool_full when nothing is left that may go, and what journal
/// and spool say. Killed at any point it leaves a file without a row at most, which the next start sweeps.
loop::Awaitable<Status> make_room(Ledger& ledger, std::uint64_t bytes);

}  // namespace quay::daemon::jobs
