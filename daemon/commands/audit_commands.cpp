// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/audit_commands.hpp"

#include <algorithm>

#include "daemon/commands/query.hpp"
#include "protocol/json/parse.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

namespace {

constexpr std::int32_t kMostLines = 200;

}  // namespace

void AuditCommands::add_to(CommandSet& commands) {
  commands.add(
      {"audit.verify", core::Role::technician, Subject::none, Effect::reads, handler(this, &AuditCommands::verify)});
  commands.add(
      {"audit.list", core::Role::technician, Subject::none, Effect::reads, handler(this, &AuditCommands::list)});
}

Awaitable<Outcome> AuditCommands::verify(RequestPtr) {
  const auto look = [vault = services_.visits.vault()](storage::Journal&, storage::Spool&) {
    return vault->log.verify();
  };
  const Result<protocol::AccessReport> report = co_await services_.ledger.run(look);
  if (!report) {
    co_return failure(report.error());
  }
  co_return success(*report);
}

Awaitable<Outcome> AuditCommands::list(RequestPtr request) {
  const auto look = [vault = services_.visits.vault()](
                        storage::Journal&, storage::Spool&,
                        const protocol::AuditListArguments& wanted) -> Result<protocol::AuditListResult> {
    const auto most = static_cast<std::size_t>(std::clamp(wanted.limit, 1, kMostLines));
    const auto lines = vault->log.lines(wanted.from, most);
    if (!lines) {
      return failure(lines.error());
    }
    protocol::AuditListResult result;
    result.last = vault->log.head().n;
    for (const std::string& line : *lines) {
      auto object = protocol::parse_object(line);
      if (object) {
        result.lines.push_back(std::move(*object));
      }
    }
    return result;
  };
  return query<protocol::AuditListArguments>(services_, std::move(request), look);
}

}  // namespace quay::daemon::commands
