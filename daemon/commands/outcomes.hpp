// SPDX-License-Identifier: Apache-2.0
// The memory of wishes: the same request_id with the same arguments gets the stored outcome, and nothing is done twice,
// across restarts too. A refusal is not an outcome: nothing was done, so the wish may come again.
#pragma once

#include <functional>

#include "daemon/commands/request.hpp"
#include "daemon/jobs/ledger.hpp"

namespace quay::daemon::commands {

class Outcomes {
 public:
  explicit Outcomes(jobs::Ledger& ledger) : ledger_(ledger) {}

  /// What a command changes, inside one transaction of the journal; the events are published after the commit.
  using Change = std::function<Outcome(storage::Journal&, storage::Spool&, jobs::Events&)>;

  /// Runs `change` and stores its outcome under the request's id, in one transaction.
  loop::Awaitable<Outcome> commit(RequestPtr request, Change change);

  /// What is known of a wish: nothing, or the reply to give again (`accepted` with the job when it became one).
  /// Errors: request_key_reused, visit_closed (its job was erased), journal_failed.
  loop::Awaitable<Result<std::optional<Success>>> look_up(RequestPtr request);

 private:
  jobs::Ledger& ledger_;
};

}  // namespace quay::daemon::commands
