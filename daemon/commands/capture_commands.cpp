// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/capture_commands.hpp"

#include "daemon/commands/query.hpp"
#include "daemon/jobs/rework.hpp"
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
  return row ? jobs::full_view(journal, *row) : failure(row.error());
}

}  // namespace

void CaptureCommands::add_to(CommandSet& commands) {
  commands.add(
      {"capture.list", core::Role::front_end, Subject::visit, Effect::reads, handler(this, &CaptureCommands::list)});
  commands.add(
      {"capture.get", core::Role::front_end, Subject::capture, Effect::reads, handler(this, &CaptureCommands::get)});
  commands.add({"capture.rework",
                core::Role::front_end,
                Subject::capture,
                Effect::starts,
                handler(this, &CaptureCommands::rework),
                false,
                {},
                Access::logged});
}

Awaitable<Outcome> CaptureCommands::list(RequestPtr request) {
  return query<protocol::CaptureListArguments>(services_, std::move(request), captures_of);
}

Awaitable<Outcome> CaptureCommands::get(RequestPtr request) {
  return query<protocol::CaptureArguments>(services_, std::move(request), capture_of);
}

/// Answered when the wish is in the journal; capture.ready or capture.failed says how it went.
Awaitable<Outcome> CaptureCommands::rework(RequestPtr request) {
  const auto arguments = arguments_of<protocol::CaptureReworkArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (const Status good = jobs::check_rework(*arguments); !good) {
    co_return failure(good.error());
  }
  const auto task = std::make_shared<jobs::PageTask>();
  const auto change = [wanted = *arguments, task](storage::Journal& open, storage::Spool& spool,
                                                  jobs::Events&) -> Outcome {
    auto enlisted = jobs::enlist_rework(open, spool, wanted);
    if (!enlisted) {
      return failure(enlisted.error());
    }
    *task = *std::move(enlisted);
    return success(protocol::CaptureReworkResult{{}, wanted.capture, task->generation});
  };
  Outcome outcome = co_await services_.outcomes.commit(request, change);
  if (outcome) {
    task->request_id = request->command.request_id;
    services_.images.submit(std::move(*task));
  }
  co_return outcome;
}

}  // namespace quay::daemon::commands
