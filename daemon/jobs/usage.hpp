// SPDX-License-Identifier: Apache-2.0
// Where a citizen's number is met while work goes on, it is counted for the day (daemon/storage/citizen_count.hpp), and
// the days that are over are closed. Nothing else is done with it.
#pragma once

#include <string>
#include <vector>

#include "base/log.hpp"
#include "daemon/jobs/ledger.hpp"
#include "protocol/client/page_report.hpp"

namespace quay::daemon::jobs {

/// The holders of the identity cards among `codes` were here today. Inside a transaction; a page is worth more than a
/// count, so what goes wrong costs the count only.
void note_citizens(storage::Journal& open, const storage::KeyRing& keys, const std::vector<protocol::CodeBody>& codes);

/// The same for the number that a chip said, in a transaction of its own.
loop::Awaitable<void> count_citizen(Ledger& ledger, const Log& log, std::string number);

/// Closes the days before this one, local time. Cheap: call it at every change of the day and at each start.
loop::Awaitable<void> close_past_days(Ledger& ledger, const Log& log);

}  // namespace quay::daemon::jobs
