// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/outcomes.hpp"

#include "daemon/storage/sha256.hpp"
#include "protocol/json/parse.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

namespace {

/// The wish in one number: its command and its arguments.
std::string digest_of(const protocol::Command& command) {
  return storage::sha256_hex(std::string_view(command.cmd + protocol::json::serialize(command.args)));
}

Result<std::optional<Success>> repeated(const storage::RequestRow& row, const protocol::Command& command) {
  if (row.arguments_sha256 != digest_of(command)) {
    return failure(Errc::request_key_reused, command.cmd, "/request_id was used with other arguments");
  }
  auto result = protocol::parse_object(row.reply);
  if (!result) {
    return failure(Errc::journal_failed, command.cmd, std::move(result).error());
  }
  return std::optional(Success{std::move(*result), {}, row.job, true});
}

}  // namespace

Awaitable<Outcome> Outcomes::commit(RequestPtr request, Change change) {
  auto outcome = std::make_shared<Outcome>(Success{});
  const auto wrapped = [=](storage::Journal& journal, storage::Spool& spool, jobs::Events& events) {
    return journal.transact([&](storage::Journal& open) -> Status {
      *outcome = change(open, spool, events);
      if (!*outcome) {
        return failure(outcome->error());
      }
      const protocol::Command& command = request->command;
      if (!command.request_id) {
        return {};
      }
      (*outcome)->kept = true;
      return open.put(storage::RequestRow{RequestId{*command.request_id}, digest_of(command), (*outcome)->job,
                                          protocol::json::serialize((*outcome)->result)});
    });
  };
  const Status committed = co_await ledger_.commit(wrapped);
  if (!committed) {
    co_return failure(committed.error());
  }
  co_return std::move(*outcome);
}

Awaitable<Result<std::optional<Success>>> Outcomes::look_up(RequestPtr request) {
  const auto work = [request](storage::Journal& journal, storage::Spool&) -> Result<std::optional<Success>> {
    const auto row = journal.request(RequestId{request->command.request_id.value_or("")});
    if (!row) {
      return failure(row.error());
    }
    if (!*row) {
      return std::optional<Success>();
    }
    return repeated(**row, request->command);
  };
  co_return co_await ledger_.run(work);
}

}  // namespace quay::daemon::commands
