// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/outcomes.hpp"

#include <algorithm>

#include "crypto/sha256.hpp"
#include "protocol/json/parse.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;
namespace json = protocol::json;

namespace {

void append_canonical(const json::value& value, std::string& text);

void append_object(const json::object& object, std::string& text) {
  std::vector<const json::key_value_pair*> members;
  members.reserve(object.size());
  for (const json::key_value_pair& member : object) {
    members.push_back(&member);
  }
  std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) { return a->key() < b->key(); });
  text += '{';
  for (const json::key_value_pair* member : members) {
    text += json::serialize(json::value(member->key())) + ":";
    append_canonical(member->value(), text);
    text += ',';
  }
  text += '}';
}

// The depth of a command's JSON is bounded by its parser (32).
void append_canonical(const json::value& value, std::string& text) {
  if (const json::object* object = value.if_object()) {
    append_object(*object, text);
  } else if (const json::array* array = value.if_array()) {
    text += '[';
    for (const json::value& item : *array) {
      append_canonical(item, text);
      text += ',';
    }
    text += ']';
  } else {
    text += json::serialize(value);
  }
}

storage::RequestRow row_of(const Request& request, const Success& success) {
  return {request.peer.owner, RequestId{*request.command.request_id}, digest_of(request.command),
          success.job,        json::serialize(success.result),        rfc3339_now()};
}

tl::unexpected<Error> reused(const protocol::Command& command) {
  return failure(Errc::request_key_reused, command.cmd, "/request_id was used with other arguments");
}

std::string wish_of(const Request& request) { return request.peer.owner + " " + *request.command.request_id; }

}  // namespace

std::string digest_of(const protocol::Command& command) {
  std::string text = command.cmd;
  // A number of twelve digits, or a name on a form, is found again from its bare digest in no time.
  if (command.cmd == "card.read" || command.cmd == "print.submit") {
    text += command.visit_key.value_or("");
  }
  append_object(command.args, text);
  return crypto::sha256_hex(std::string_view(text));
}

Awaitable<Outcome> Outcomes::commit(RequestPtr request, Change change) {
  auto outcome = std::make_shared<Outcome>(Success{});
  const auto wrapped = [=](storage::Journal& journal, storage::Spool& spool, jobs::Events& events) {
    return journal.transact([&](storage::Journal& open) -> Status {
      *outcome = change(open, spool, events);
      if (!*outcome) {
        return failure(outcome->error());
      }
      if (!request->command.request_id) {
        return {};
      }
      (*outcome)->kept = true;
      return open.put(row_of(*request, **outcome));
    });
  };
  const Status committed = co_await ledger_.commit(wrapped);
  if (!committed) {
    co_return failure(committed.error());
  }
  co_return std::move(*outcome);
}

Status Outcomes::keep_inside(storage::Journal& journal, const Request& request, const Success& outcome) {
  return request.command.request_id ? journal.put(row_of(request, outcome)) : Status();
}

Awaitable<Status> Outcomes::keep(RequestPtr request, const Success& success) {
  const auto put = [row = row_of(*request, success)](storage::Journal& journal, storage::Spool&, jobs::Events&) {
    return journal.transact([&](storage::Journal& open) { return open.put(row); });
  };
  co_return co_await ledger_.commit(put);
}

Status Outcomes::begin(const Request& request) {
  const auto [found, is_new] = under_way_.try_emplace(wish_of(request), digest_of(request.command));
  if (is_new) {
    return {};
  }
  if (found->second != digest_of(request.command)) {
    return reused(request.command);
  }
  return failure(Errc::request_in_progress, request.command.cmd, "the first one is not answered yet");
}

void Outcomes::end(const Request& request) { under_way_.erase(wish_of(request)); }

Result<std::optional<Success>> Outcomes::recall(storage::Journal& journal, const Request& request) {
  const auto row = journal.request(request.peer.owner, RequestId{*request.command.request_id});
  if (!row) {
    return failure(row.error());
  }
  if (!*row) {
    return std::optional<Success>();
  }
  if ((*row)->digest != digest_of(request.command)) {
    return reused(request.command);
  }
  auto result = protocol::parse_object((*row)->result);
  if (!result) {
    return failure(Errc::journal_failed, request.command.cmd, std::move(result).error());
  }
  return std::optional(Success{std::move(*result), {}, (*row)->job, true});
}

Awaitable<Status> Outcomes::forget_old() {
  const std::string before = rfc3339(std::chrono::system_clock::now() - kWishMemory);
  const auto forget = [before](storage::Journal& journal, storage::Spool&) {
    return journal.forget_requests_before(before);
  };
  co_return co_await ledger_.run(forget);
}

}  // namespace quay::daemon::commands
