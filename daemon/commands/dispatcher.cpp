// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/dispatcher.hpp"

#include "daemon/commands/job_replies.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;
using protocol::Endpoint;
using publish::CommandSocket;

namespace {

constexpr std::size_t kMostInFlight = 256;

core::Peer peer_of(const publish::Credentials& credentials) {
  core::Peer peer;
  peer.owner = credentials.uid ? "uid:" + std::to_string(*credentials.uid) : "key:" + credentials.key_name;
  peer.name = peer.owner;
  peer.roles = core::kEverybody;
  peer.pid = credentials.pid;
  return peer;
}

RequestPtr make_request(publish::ReceivedCommand received) {
  core::Peer peer = peer_of(received.sender);
  return std::make_shared<const Request>(Request{std::move(received.command), std::move(peer), received.from});
}

protocol::Reply reply_of(Success& success) {
  protocol::Reply reply;
  reply.status = success.job ? protocol::ReplyStatus::accepted : protocol::ReplyStatus::done;
  reply.result = std::move(success.result);
  return reply;
}

}  // namespace

Awaitable<void> Dispatcher::serve_control(CommandSocket& control) {
  while (auto received = co_await control.receive()) {
    RequestPtr request = make_request(std::move(*received));
    if (in_flight_ >= kMostInFlight) {
      const Error busy = make_error(Errc::request_deadline, request->command.cmd, "256 commands are being answered");
      control.reply(request->from, publish::failed_reply(busy));
      continue;
    }
    services_.tasks.spawn("command", answer(control, Endpoint::control, std::move(request)));
  }
}

Awaitable<void> Dispatcher::serve_images(CommandSocket& images) {
  while (auto received = co_await images.receive()) {
    RequestPtr request = make_request(std::move(*received));
    co_await answer(images, Endpoint::images, request);
  }
}

Awaitable<void> Dispatcher::answer(CommandSocket& socket, Endpoint endpoint, RequestPtr request) {
  const CommandEntry* entry = commands_.find(request->command.cmd, endpoint);
  ++in_flight_;
  const char* where = endpoint == Endpoint::control ? "control" : "images";
  Outcome outcome = failure(Errc::request_unknown_command, where, quoted(request->command.cmd));
  if (entry != nullptr) {
    outcome = co_await carry_out(*entry, request);
  }
  --in_flight_;
  if (!outcome) {
    socket.reply(request->from, publish::failed_reply(outcome.error()));
  } else if (outcome->job) {
    co_await answer_job(socket, request, std::move(*outcome));
  } else {
    socket.reply(request->from, reply_of(*outcome), std::move(outcome->bytes));
  }
}

/// What can be said no to without asking the journal.
Status Dispatcher::admit(const CommandEntry& entry, const Request& request) const {
  if (stopping_ && entry.effect == Effect::starts) {
    return failure(Errc::daemon_stopping, request.command.cmd, "quayd is stopping");
  }
  return {};
}

Awaitable<Outcome> Dispatcher::carry_out(const CommandEntry& entry, RequestPtr request) {
  if (entry.effect != Effect::reads && request->command.request_id) {
    Result<std::optional<Success>> earlier = co_await services_.outcomes.look_up(request);
    if (!earlier) {
      co_return failure(earlier.error());
    }
    if (*earlier) {
      co_return std::move(**earlier);
    }
  }
  if (const Status admitted = admit(entry, *request); !admitted) {
    co_return failure(admitted.error());
  }
  co_return co_await entry.handler(request);
}

/// `accepted` at once; the final reply when the job ends, or now when it is over.
Awaitable<void> Dispatcher::answer_job(CommandSocket& socket, RequestPtr request, Success success) {
  const JobId id = *success.job;
  socket.reply(request->from, reply_of(success));
  if (services_.scans.add_waiter(id, request->from)) {
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
