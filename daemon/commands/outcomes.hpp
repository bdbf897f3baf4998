// SPDX-License-Identifier: Apache-2.0
// The memory of wishes: the same request_id of the same account with the same arguments gets the stored outcome, and
// nothing is done twice, across restarts too. A refusal is not an outcome: nothing was done, so the wish may come
// again.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>

#include "daemon/commands/request.hpp"
#include "daemon/jobs/ledger.hpp"

namespace quay::daemon::commands {

/// How long a wish is remembered.
inline constexpr std::chrono::hours kWishMemory{48};

class Outcomes {
 public:
  explicit Outcomes(jobs::Ledger& ledger) : ledger_(ledger) {}

  /// What a command changes, inside one transaction of the journal; the events are published after the commit.
  using Change = std::function<Outcome(storage::Journal&, storage::Spool&, jobs::Events&)>;

  /// Runs `change` and stores its outcome under the request's id, in one transaction. A wish that is to give a secret
  /// adds it to the outcome afterwards: what is stored holds none.
  loop::Awaitable<Outcome> commit(RequestPtr request, Change change);

  /// Stores the outcome of a command that did not go through commit(). When this fails, a repeat finds nothing and is
  /// carried out again.
  loop::Awaitable<Status> keep(RequestPtr request, const Success& success);

  /// Begins a wish. Errors: request_in_progress, request_key_reused when it is under way already.
  Status begin(const Request& request);
  void end(const Request& request);

  /// What is known of a wish: nothing, or its outcome. Runs on the storage thread. Errors: request_key_reused,
  /// journal_failed.
  static Result<std::optional<Success>> recall(storage::Journal& journal, const Request& request);

  /// Drops what is older than kWishMemory.
  loop::Awaitable<Status> forget_old();

  /// Stores `outcome` for the request, when it has an id. Inside a transaction that does what the request asks.
  static Status keep_inside(storage::Journal& journal, const Request& request, const Success& outcome);

 private:
  jobs::Ledger& ledger_;
  std::map<std::string, std::string> under_way_;  // account and request_id: digest
};

/// The wish in one number, over its command and its arguments in any order of their names.
std::string digest_of(const protocol::Command& command);

}  // namespace quay::daemon::commands
