// SPDX-License-Identifier: Apache-2.0
// The loop that takes commands and the short handlers; scanning and fetching have files of their own.
#include "daemon/jobs/commands.hpp"

#include "daemon/jobs/views.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::jobs {

using loop::Awaitable;
using protocol::Command;
using publish::CommandSocket;

namespace {

constexpr std::size_t kMostInFlight = 256;
constexpr std::int32_t kMostReplayed = 200;

tl::unexpected<Error> no_such(Errc code, const Command& command, const std::string& id) {
  return failure(code, command.cmd, "\"" + id.substr(0, 64) + "\"");
}

Result<storage::VisitRow> find_visit(storage::Journal& journal, const VisitId& id) {
  auto row = journal.visit(id);
  if (!row) {
    return failure(row.error());
  }
  if (!*row) {
    return failure(Errc::visit_unknown, "visit.close", "\"" + id.value.substr(0, 64) + "\"");
  }
  return **row;
}

/// The files first, then the rows, so that no row ever speaks of a file that should be gone.
Status erase_visit(storage::Journal& journal, storage::Spool& spool, Events& events, const storage::VisitRow& closed,
                   const std::optional<std::string>& request_id) {
  if (Status removed = spool.remove_visit(closed.visit); !removed) {
    return removed;
  }
  return journal.transact([&](storage::Journal& open) -> Status {
    if (Status erased = open.erase_visit(closed.visit); !erased) {
      return erased;
    }
    if (Status put = open.put(closed); !put) {
      return put;
    }
    return append(open, events,
                  make_event(protocol::topic::kVisitClosed, view(closed), closed.visit.value, request_id));
  });
}

}  // namespace

Commands::Commands(CommandContext context) : context_(std::move(context)) {
  handlers_ = {{"hello", &Commands::hello},
               {"state.get", &Commands::state_get},
               {"replay", &Commands::replay},
               {"device.list", &Commands::device_list},
               {"device.describe", &Commands::device_describe},
               {"visit.open", &Commands::visit_open},
               {"visit.close", &Commands::visit_close},
               {"job.get", &Commands::job_get},
               {"job.cancel", &Commands::job_cancel},
               {"capture.list", &Commands::capture_list},
               {"capture.get", &Commands::capture_get},
               {"document.assemble", &Commands::document_assemble}};
}

Awaitable<void> Commands::serve_control(CommandSocket& control) {
  while (auto received = co_await control.receive()) {
    if (in_flight_ >= kMostInFlight) {
      const Error busy = make_error(Errc::request_deadline, received->command.cmd, "256 commands are being answered");
      control.reply(received->from, publish::failed_reply(busy));
      continue;
    }
    auto shared = std::make_shared<const publish::ReceivedCommand>(std::move(*received));
    ++in_flight_;
    if (shared->command.cmd == "scan.start") {
      context_.tasks.spawn("scan.start", start_scan(control, shared));
    } else {
      context_.tasks.spawn("command", answer(control, shared));
    }
  }
}

Awaitable<void> Commands::answer(CommandSocket& control, Received received) {
  const Command& command = received->command;
  const auto handler = handlers_.find(command.cmd);
  Outcome outcome = failure(Errc::request_unknown_command, "control", "\"" + command.cmd.substr(0, 64) + "\"");
  if (handler != handlers_.end()) {
    outcome = co_await (this->*handler->second)(command);
  }
  --in_flight_;
  protocol::Reply reply;
  if (outcome) {
    reply.status = protocol::ReplyStatus::done;
    reply.result = std::move(*outcome);
  } else {
    reply = publish::failed_reply(outcome.error());
  }
  control.reply(received->from, std::move(reply));
}

Awaitable<Commands::Outcome> Commands::hello(const Command&) {
  protocol::HelloResult result;
  result.api = "1.0";
  result.version = context_.version;
  result.journal = context_.journal_id;
  result.seq = context_.ledger.last_sequence();
  result.features = {"replay", "scan"};
  co_return protocol::to_json_object(result);
}

Awaitable<Commands::Outcome> Commands::state_get(const Command&) {
  const auto work = [](storage::Journal& journal, storage::Spool&) { return journal.open_visits(); };
  const Result<std::vector<storage::VisitRow>> visits = co_await context_.ledger.run(work);
  if (!visits) {
    co_return failure(visits.error());
  }
  protocol::StateResult result;
  result.journal = context_.journal_id;
  result.seq = context_.ledger.last_sequence();
  result.devices = context_.devices.snapshot();
  result.jobs = context_.scans.running();
  for (const storage::VisitRow& visit : *visits) {
    result.visits.push_back(view(visit));
  }
  co_return protocol::to_json_object(result);
}

Awaitable<Commands::Outcome> Commands::replay(const Command& command) {
  const auto arguments = arguments_of<protocol::ReplayArguments>(command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const std::uint64_t from = arguments->from;
  const std::int32_t limit = std::clamp(arguments->limit, 1, kMostReplayed);
  const auto work = [from, limit](storage::Journal& journal, storage::Spool&) { return journal.events(from, limit); };
  const Result<std::vector<std::string>> events = co_await context_.ledger.run(work);
  if (!events) {
    co_return failure(events.error());
  }
  protocol::ReplayResult result;
  result.journal = context_.journal_id;
  result.seq = context_.ledger.last_sequence();
  for (const std::string& event : *events) {
    result.events.push_back(boost::json::parse(event).as_object());
  }
  co_return protocol::to_json_object(result);
}

Awaitable<Commands::Outcome> Commands::device_list(const Command&) {
  const protocol::DeviceListResult result{{}, context_.devices.snapshot()};
  co_return protocol::to_json_object(result);
}

Awaitable<Commands::Outcome> Commands::device_describe(const Command& command) {
  const auto arguments = arguments_of<protocol::DeviceArguments>(command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const ScannerDevice* device = context_.devices.find(arguments->device);
  if (device == nullptr) {
    co_return no_such(Errc::device_unknown, command, arguments->device);
  }
  co_return protocol::to_json_object(device->snapshot());
}

Awaitable<Commands::Outcome> Commands::visit_open(const Command& command) {
  if (stopping_) {
    co_return failure(Errc::daemon_stopping, command.cmd, "quayd is stopping");
  }
  const storage::VisitRow row{VisitId{random_uuid()}, true, rfc3339_now()};
  const protocol::Visit visit = view(row);
  const auto request_id = command.request_id;
  const Ledger::Change change = [row, visit, request_id](storage::Journal& journal, storage::Spool&, Events& events) {
    return journal.transact([&](storage::Journal& open) -> Status {
      if (Status put = open.put(row); !put) {
        return put;
      }
      return append(open, events, make_event(protocol::topic::kVisitOpened, visit, row.visit.value, request_id));
    });
  };
  const Status committed = co_await context_.ledger.commit(change);
  if (!committed) {
    co_return failure(committed.error());
  }
  co_return protocol::to_json_object(visit);
}

Awaitable<Commands::Outcome> Commands::visit_close(const Command& command) {
  const auto arguments = arguments_of<protocol::VisitArguments>(command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const VisitId id{arguments->visit};
  if (context_.scans.runs_in(id)) {
    co_return failure(Errc::device_busy, command.cmd, "a job of this visit still runs: cancel it or wait for its end");
  }
  auto closed = std::make_shared<protocol::Visit>();
  const auto request_id = command.request_id;
  const Ledger::Change change = [=](storage::Journal& journal, storage::Spool& spool, Events& events) -> Status {
    auto row = find_visit(journal, id);
    if (!row) {
      return failure(row.error());
    }
    const bool was_open = std::exchange(row->open, false);
    *closed = view(*row);
    return was_open ? erase_visit(journal, spool, events, *row, request_id) : Status();
  };
  const Status committed = co_await context_.ledger.commit(change);
  if (!committed) {
    co_return failure(committed.error());
  }
  co_return protocol::to_json_object(*closed);
}

Awaitable<Commands::Outcome> Commands::job_get(const Command& command) {
  const auto arguments = arguments_of<protocol::JobArguments>(command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const JobId id{arguments->job};
  const auto work = [id](storage::Journal& journal, storage::Spool&) -> Result<protocol::Job> {
    const auto row = journal.job(id);
    if (!row) {
      return failure(row.error());
    }
    if (!*row) {
      return failure(Errc::job_unknown, "job.get", "\"" + id.value.substr(0, 64) + "\"");
    }
    return view(journal, **row);
  };
  const Result<protocol::Job> job = co_await context_.ledger.run(work);
  if (!job) {
    co_return failure(job.error());
  }
  co_return protocol::to_json_object(*job);
}

Awaitable<Commands::Outcome> Commands::job_cancel(const Command& command) {
  Outcome job = co_await job_get(command);
  if (!job) {
    co_return job;
  }
  const JobId id{std::string(job->at("job").as_string())};
  if (!context_.scans.cancel(id)) {
    co_return failure(Errc::job_finished, command.cmd, "the job is " + std::string(job->at("state").as_string()));
  }
  co_return job;
}

Awaitable<Commands::Outcome> Commands::capture_list(const Command& command) {
  const auto arguments = arguments_of<protocol::CaptureListArguments>(command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const auto work = [wanted = *arguments](storage::Journal& journal,
                                          storage::Spool&) -> Result<protocol::CaptureListResult> {
    const auto job = wanted.job ? std::optional(JobId{*wanted.job}) : std::nullopt;
    const auto rows = journal.captures(VisitId{wanted.visit}, job);
    if (!rows) {
      return failure(rows.error());
    }
    protocol::CaptureListResult result;
    for (const storage::CaptureRow& row : *rows) {
      auto capture = view(journal, row);
      if (!capture) {
        return failure(capture.error());
      }
      result.captures.push_back(std::move(*capture));
    }
    return result;
  };
  const Result<protocol::CaptureListResult> result = co_await context_.ledger.run(work);
  if (!result) {
    co_return failure(result.error());
  }
  co_return protocol::to_json_object(*result);
}

Awaitable<Commands::Outcome> Commands::capture_get(const Command& command) {
  const auto arguments = arguments_of<protocol::CaptureArguments>(command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const CaptureId id{arguments->capture};
  const auto work = [id](storage::Journal& journal, storage::Spool&) -> Result<protocol::Capture> {
    const auto row = journal.capture(id);
    if (!row) {
      return failure(row.error());
    }
    if (!*row) {
      return failure(Errc::capture_unknown, "capture.get", "\"" + id.value.substr(0, 64) + "\"");
    }
    return view(journal, **row);
  };
  const Result<protocol::Capture> capture = co_await context_.ledger.run(work);
  if (!capture) {
    co_return failure(capture.error());
  }
  co_return protocol::to_json_object(*capture);
}

}  // namespace quay::daemon::jobs
