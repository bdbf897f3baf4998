// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/capture_commands.hpp"

#include "daemon/commands/query.hpp"
#include "daemon/jobs/views.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

namespace {

Result<protocol::CaptureListResult> captures_of(storage::Journal& journal, storage::Spool&,
                                                const protocol::CaptureListArguments& wanted) {
  const auto job = wanted.job ? std::optional(JobId{*wanted.job}) : std::nullopt;
  const auto rows = journal.captures(VisitId{wanted.visit}, job);
  if (!rows) {
    return failure(rows.error());
  }
  protocol::CaptureListResult result;
  for (const storage::CaptureRow& row : *rows) {
    if (row.discarded && !wanted.with_discarded) {
      continue;
    }
    auto capture = jobs::view(journal, row);
    if (!capture) {
      return failure(capture.error());
    }
    result.captures.push_back(std::move(*capture));
  }
  return result;
}

Result<protocol::Capture> capture_of(storage::Journal& journal, storage::Spool&,
                                     const protocol::CaptureArguments& wanted) {
  const Error missing = make_error(Errc::capture_unknown, "capture.get", quoted(wanted.capture));
  const auto row = required(journal.capture(CaptureId{wanted.capture}), missing);
  return row ? jobs::view(journal, *row) : failure(row.error());
}

}  // namespace

void CaptureCommands::add_to(CommandSet& commands) {
  commands.add(
      {"capture.list", core::Role::front_end, Subject::visit, Effect::reads, handler(this, &CaptureCommands::list)});
  commands.add(
      {"capture.get", core::Role::front_end, Subject::capture, Effect::reads, handler(this, &CaptureCommands::get)});
}

Awaitable<Outcome> CaptureCommands::list(RequestPtr request) {
  return query<protocol::CaptureListArguments>(services_, std::move(request), captures_of);
}

Awaitable<Outcome> CaptureCommands::get(RequestPtr request) {
  return query<protocol::CaptureArguments>(services_, std::move(request), capture_of);
}

}  // namespace quay::daemon::commands
