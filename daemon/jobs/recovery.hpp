// SPDX-License-Identifier: Apache-2.0
// After a start: jobs that were running end as interrupted with the pages they kept, durable raw pages are finished,
// and what the journal does not know is swept from the spool.
#pragma once

#include "daemon/jobs/image_pool.hpp"

namespace quay::daemon::jobs {

/// Call once, before any command is taken. Errors: journal_failed, spool_failed.
loop::Awaitable<Status> recover(Ledger& ledger, ImagePool& images, const Log& log);

}  // namespace quay::daemon::jobs
