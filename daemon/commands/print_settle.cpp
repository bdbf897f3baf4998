// SPDX-License-Identifier: Apache-2.0
// print.settle (PrintCommands): what the clerk saw in the tray is the last word on a print, on its job, and on what the
// printer may still have of it.
#include "daemon/commands/print_commands.hpp"
#include "daemon/core/job_machine.hpp"
#include "daemon/core/print_machine.hpp"
#include "daemon/jobs/views.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;
using protocol::PrintState;

namespace {

/// What the clerk says, and under which wish.
struct Word {
  protocol::PrintSettleArguments wanted;
  std::optional<std::string> request_id;
};

/// The rows of a print.
struct PrintRows {
  storage::JobRow job;
  storage::PrintRow print;
};

Result<PrintRows> rows_of(storage::Journal& open, const JobId& id) {
  const auto job = open.job(id);
  auto print = job ? open.print(id) : failure(job.error());
  if (!print) {
    return failure(print.error());
  }
  if (!*job || !*print) {
    return failure(Errc::job_unknown, "print.settle", quoted(id.value) + " is no print");
  }
  return PrintRows{**job, **std::move(print)};
}

Result<protocol::PrintReport> settled(const storage::PrintRow& print, PrintState word) {
  protocol::PrintReport report = jobs::print_report(print);
  const auto event = word == PrintState::printed ? core::PrintEvent::clerk_saw_it : core::PrintEvent::clerk_saw_nothing;
  const auto next = core::step(report.state, event);
  if (!next) {
    return failure(Errc::job_finished, "print.settle",
                   "the print is " + std::string(protocol::enum_name(report.state)));
  }
  report.state = *next;
  report.settled = true;
  return report;
}

/// Paper that came is a job that is done, whatever was not known of it before.
bool settle_job(storage::JobRow& job, PrintState word) {
  const auto next = word == PrintState::printed ? core::step(job.state, core::JobEvent::clerk_saw_it) : std::nullopt;
  if (next) {
    job.state = *next;
    job.error.reset();
  }
  return next.has_value();
}

/// Inside a transaction. `rows`: what they are afterwards.
Outcome settle_inside(storage::Journal& open, jobs::Events& events, const Word& word, PrintRows& rows) {
  const auto& [wanted, request_id] = word;
  auto found = rows_of(open, JobId{wanted.job});
  const auto report = found ? settled(found->print, wanted.state) : failure(found.error());
  if (!report) {
    return failure(report.error());
  }
  rows = *std::move(found);
  rows.print.report = boost::json::serialize(protocol::to_json(*report));
  const bool done = settle_job(rows.job, wanted.state);
  Status put = open.put(rows.print);
  put = put ? open.put(rows.job) : put;
  const auto view = put ? jobs::view(open, rows.job) : failure(put.error());
  if (!view) {
    return failure(view.error());
  }
  const std::string& visit = rows.job.visit.value;
  const protocol::PrintChanged news{{}, wanted.job, rows.job.device.value, *report};
  Status told = jobs::append(open, events, jobs::make_event(protocol::topic::kPrintChanged, news, visit, request_id));
  if (told && done) {
    told = jobs::append(open, events, jobs::make_event(protocol::topic::kJobFinished, *view, visit, request_id));
  }
  return told ? Outcome(success(*view)) : Outcome(failure(told.error()));
}

}  // namespace

Awaitable<Outcome> PrintCommands::settle(RequestPtr request) {
  const auto arguments = arguments_of<protocol::PrintSettleArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (arguments->state != PrintState::printed && arguments->state != PrintState::not_printed) {
    co_return failure(Errc::request_bad_argument, "print.settle", "/args/state: printed or not_printed was expected");
  }
  const auto rows = std::make_shared<PrintRows>();
  const Word word{*arguments, request->command.request_id};
  const auto change = [word, rows](storage::Journal& open, storage::Spool&, jobs::Events& events) {
    return settle_inside(open, events, word, *rows);
  };
  Outcome outcome = co_await services_.outcomes.commit(request, change);
  if (outcome) {
    services_.prints.settled(rows->job, rows->print, arguments->state == PrintState::printed);
  }
  co_return std::move(outcome);
}

}  // namespace quay::daemon::commands
