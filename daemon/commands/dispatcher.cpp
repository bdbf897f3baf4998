// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/dispatcher.hpp"

#include "daemon/commands/access.hpp"
#include "daemon/commands/job_replies.hpp"
#include "daemon/commands/ownership.hpp"
#include "daemon/jobs/metrics.hpp"
#include "protocol/client/error_table.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;
using protocol::Endpoint;
using publish::CommandSocket;

namespace {

std::string code_of(const Error& error) { return std::string(protocol::error_row(error.code).wire); }

protocol::Reply reply_of(Success& success) {
  protocol::Reply reply;
  reply.status = success.job ? protocol::ReplyStatus::accepted : protocol::ReplyStatus::done;
  reply.result = std::move(success.result);
  return reply;
}

/// A command whose outcome is remembered: it changes something, and its sender gave the wish a name.
bool is_wish(const CommandEntry& entry, const Request& request) {
  return entry.effect != Effect::reads && request.command.request_id.has_value();
}

/// `deadline_ms` of a command that becomes a job is the job's.
Milliseconds patience_of(const Request& request) {
  bool becomes_job = false;
  protocol::for_each_command(
      [&](const auto& row) { becomes_job |= row.name == request.command.cmd && row.answer == protocol::Answer::job; });
  const std::int64_t asked = becomes_job ? 0 : request.command.deadline_ms.value_or(0);
  return asked > 0 ? std::min(Milliseconds(asked), kLongestAnswer) : kLongestAnswer;
}

}  // namespace

Awaitable<void> Dispatcher::serve(CommandSocket& socket, Endpoint endpoint) {
  const auto fetches = std::make_shared<loop::Mailbox<RequestPtr>>(services_.loop);
  if (endpoint == Endpoint::images) {
    services_.tasks.spawn("fetches", serve_fetches(socket, fetches));
  }
  while (auto received = co_await socket.receive()) {
    RequestPtr request = take(socket, std::move(*received));
    if (!request) {
      continue;
    }
    if (endpoint == Endpoint::images && request->command.cmd == "images.fetch") {
      fetches->push(std::move(request));
    } else {
      services_.tasks.spawn("answer", answer(socket, endpoint, std::move(request)));
    }
  }
  fetches->close();
}

Awaitable<void> Dispatcher::serve_fetches(CommandSocket& images, std::shared_ptr<loop::Mailbox<RequestPtr>> fetches) {
  while (auto request = co_await fetches->receive(loop::kUntilClosed)) {
    co_await answer(images, Endpoint::images, *request);
  }
}

RequestPtr Dispatcher::take(CommandSocket& socket, publish::ReceivedCommand received) {
  core::Peer peer = services_.peers.find(received.sender, received.from.peer);
  auto request = std::make_shared<const Request>(
      Request{received.command.value_or(protocol::Command{}), std::move(peer), received.from});
  if (const Status entered = services_.guard.enter(*request, SteadyClock::now()); !entered) {
    services_.metrics.refused(code_of(entered.error()));
    socket.reply(request->from, publish::failed_reply(entered.error()));
    return nullptr;
  }
  if (!received.command) {  // counted all the same
    services_.guard.leave(*request);
    services_.metrics.refused(code_of(received.command.error()));
    socket.reply(request->from, publish::failed_reply(received.command.error()));
    return nullptr;
  }
  return request;
}

Awaitable<void> Dispatcher::answer(CommandSocket& socket, Endpoint endpoint, RequestPtr request) {
  const CommandEntry* entry = commands_.find(request->command.cmd, endpoint);
  const char* where = endpoint == Endpoint::control ? "control" : "images";
  const Deadline begun = SteadyClock::now();
  Outcome outcome = failure(Errc::request_unknown_command, where, quoted(request->command.cmd));
  if (entry != nullptr) {
    outcome = co_await in_time(*entry, request);
  } else {
    services_.guard.leave(*request);
  }
  note_answer(entry, outcome, begun);
  if (!outcome) {
    socket.reply(request->from, publish::failed_reply(outcome.error()));
  } else if (outcome->job) {
    co_await answer_job(socket, request, std::move(*outcome));
  } else {
    socket.reply(request->from, reply_of(*outcome), std::move(outcome->bytes));
    if (outcome->then) {
      outcome->then();
    }
  }
}

void Dispatcher::note_answer(const CommandEntry* entry, const Outcome& outcome, Deadline begun) {
  const std::string code = outcome ? "ok" : code_of(outcome.error());
  if (entry == nullptr) {
    services_.metrics.refused(code);
  } else {
    services_.metrics.answered(std::string(entry->name), code, SteadyClock::now() - begun);
  }
}

/// What takes too long goes on by itself; its outcome is kept for the same wish.
Awaitable<Outcome> Dispatcher::in_time(const CommandEntry& entry, RequestPtr request) {
  const Milliseconds patience = patience_of(*request);
  const Deadline deadline = deadline_in(patience);
  auto answers = std::make_shared<loop::Mailbox<Outcome>>(services_.loop);
  services_.tasks.spawn("command", carry_out(entry, request, answers));
  std::optional<Outcome> outcome = co_await answers->receive(deadline);
  if (!outcome) {
    co_return failure(Errc::request_deadline, request->command.cmd,
                      "not done within " + std::to_string(patience.count()) + " ms; it goes on");
  }
  co_return std::move(*outcome);
}

Awaitable<void> Dispatcher::carry_out(const CommandEntry& entry, RequestPtr request, Answers answers) {
  Outcome outcome = co_await decide(entry, request);
  const auto logged = outcome ? std::move(outcome->logged) : nullptr;
  outcome = co_await written_down(entry, request, std::move(outcome));
  if (logged) {
    logged(outcome ? Status() : Status(failure(outcome.error())));
  }
  services_.guard.leave(*request);
  answers->push(std::move(outcome));
}

Awaitable<Outcome> Dispatcher::decide(const CommandEntry& entry, RequestPtr request) {
  if (!request->peer.roles.any_of(entry.roles)) {
    co_return failure(Errc::peer_not_allowed, request->command.cmd, request->peer.name + " has no role for it");
  }
  const bool wish = is_wish(entry, *request);
  if (const Status begun = wish ? services_.outcomes.begin(*request) : Status(); !begun) {
    co_return failure(begun.error());
  }
  Outcome outcome = co_await repeat_or_run(entry, request);
  if (wish) {
    services_.outcomes.end(*request);
  }
  co_return std::move(outcome);
}

/// May this peer do that to this visit, and what came of the same wish before, if it came before.
Awaitable<Result<std::optional<Success>>> Dispatcher::look_back(const CommandEntry& entry, RequestPtr request) {
  const bool wish = is_wish(entry, *request);
  const auto visit = std::make_shared<std::optional<VisitId>>();
  const auto look = [&entry, request, wish, visit](storage::Journal& journal,
                                                   storage::Spool&) -> Result<std::optional<Success>> {
    if (Status owned = check_owner(journal, entry, *request); !owned) {
      return failure(owned.error());
    }
    *visit = visit_concerned(journal, entry, *request);
    return wish ? Outcomes::recall(journal, *request) : std::optional<Success>();
  };
  Result<std::optional<Success>> earlier = co_await services_.ledger.run(look);
  const bool is_use = entry.effect != Effect::reads || entry.access == Access::logged;
  if (earlier && *visit && is_use) {  // who only looks, perhaps each second, does not keep a forgotten visit alive
    services_.visits.used(**visit);
  }
  co_return std::move(earlier);
}

Awaitable<Outcome> Dispatcher::repeat_or_run(const CommandEntry& entry, RequestPtr request) {
  if (!is_wish(entry, *request) && entry.subject == Subject::none) {
    co_return co_await run(entry, request);
  }
  Result<std::optional<Success>> earlier = co_await look_back(entry, request);
  if (!earlier) {
    co_return failure(earlier.error());
  }
  if (!*earlier) {
    co_return co_await run(entry, request);
  }
  if (entry.repeat) {
    co_return co_await entry.repeat(request, std::move(**earlier));
  }
  co_return std::move(**earlier);
}

Awaitable<Outcome> Dispatcher::run(const CommandEntry& entry, RequestPtr request) {
  if (stopping_ && entry.effect == Effect::starts) {
    co_return failure(Errc::daemon_stopping, request->command.cmd, "quayd is stopping");
  }
  Outcome outcome = co_await entry.handler(request);
  if (outcome && is_wish(entry, *request) && !outcome->kept) {
    const Status kept = co_await services_.outcomes.keep(request, *outcome);
    if (!kept) {
      services_.log.error("{}: {}", request->command.cmd, describe(kept.error()));
    }
  }
  co_return std::move(outcome);
}

/// Nobody gets anything before the access log says so.
Awaitable<Outcome> Dispatcher::written_down(const CommandEntry& entry, RequestPtr request, Outcome outcome) {
  if (!must_be_logged(entry, *request, outcome)) {
    co_return std::move(outcome);
  }
  const audit::AccessRecord record = access_record(*request, outcome);
  const auto find = [&entry, request](storage::Journal& journal) { return visit_concerned(journal, entry, *request); };
  const Status written = co_await services_.visits.note(record, find);
  if (!written) {
    co_return failure(written.error());
  }
  co_return std::move(outcome);
}

/// `accepted` at once; the final reply when the job ends, or now when it is over.
Awaitable<void> Dispatcher::answer_job(CommandSocket& socket, RequestPtr request, Success success) {
  const JobId id = *success.job;
  socket.reply(request->from, reply_of(success));
  if (services_.running.add_waiter(id, request->from)) {
    co_return;
  }
  const Result<protocol::Job> job = co_await find_job(services_.ledger, id);
  if (job) {
    socket.reply(request->from, final_reply(*job));
  } else {
    socket.reply(request->from, publish::failed_reply(job.error()));
  }
}

}  // namespace quay::daemon::commands
