// SPDX-License-Identifier: Apache-2.0
// The shape of every command that only reads: arguments in, one look at journal and spool, a struct out.
#pragma once

#include "daemon/commands/services.hpp"
#include "daemon/jobs/open_visit.hpp"

namespace quay::daemon::commands {

/// Runs `work(journal, spool, arguments)`, a Result of a struct of commands.hpp, on the storage thread.
template <class Arguments, class Work>
loop::Awaitable<Outcome> query(Services& services, RequestPtr request, Work work) {
  auto arguments = arguments_of<Arguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const auto look = [work = std::move(work), wanted = *std::move(arguments)](
                        storage::Journal& journal, storage::Spool& spool) { return work(journal, spool, wanted); };
  const auto found = co_await services.ledger.run(look);
  if (!found) {
    co_return failure(found.error());
  }
  co_return success(*found);
}

/// The row, or `missing` when there is none.
template <class Row>
Result<Row> required(Result<std::optional<Row>> row, const Error& missing) {
  if (!row) {
    return failure(row.error());
  }
  if (!*row) {
    return failure(missing);
  }
  return **std::move(row);
}

/// For commands that change nothing in the journal. Errors: visit_unknown, visit_closed; journal_failed.
inline loop::Awaitable<Status> check_open_visit(jobs::Ledger& ledger, std::string visit, std::string operation) {
  const auto look = [id = VisitId{std::move(visit)}, operation = std::move(operation)](storage::Journal& journal,
                                                                                       storage::Spool&) {
    return jobs::check_open(journal, id, operation);
  };
  co_return co_await ledger.run(look);
}

}  // namespace quay::daemon::commands
