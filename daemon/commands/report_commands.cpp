// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/report_commands.hpp"

#include "base/day.hpp"
#include "daemon/commands/query.hpp"
#include "daemon/jobs/metrics.hpp"
#include "protocol/client/usage.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

namespace {

/// A month of a busy counter is some hundred kilobytes.
constexpr std::chrono::days kMostDays{31};

Status check(const protocol::UsageArguments& wanted) {
  const auto from = parse_day(wanted.from);
  const auto to = parse_day(wanted.to);
  if (!from || !to) {
    return failure(Errc::request_bad_argument, "usage.get",
                   std::string(from ? "/args/to" : "/args/from") + ": a day such as 2026-11-26 was expected");
  }
  if (*to < *from || *to - *from >= kMostDays) {
    return failure(Errc::request_bad_argument, "usage.get", "/args/to: from 0 to 30 days after from were expected");
  }
  return {};
}

}  // namespace

void ReportCommands::add_to(CommandSet& commands) {
  commands.add(
      {"metrics.get", core::Role::technician, Subject::none, Effect::reads, handler(this, &ReportCommands::metrics)});
  commands.add(
      {"usage.get", core::Role::technician, Subject::none, Effect::reads, handler(this, &ReportCommands::usage)});
}

Awaitable<Outcome> ReportCommands::metrics(RequestPtr) {
  const Result<std::string> text = co_await services_.metrics.text();
  if (!text) {
    co_return failure(text.error());
  }
  const protocol::MetricsResult result{{}, std::string(core::kMetricsContentType), *text};
  co_return success(result);
}

Awaitable<Outcome> ReportCommands::usage(RequestPtr request) {
  const auto look = [](storage::Journal& journal, storage::Spool&,
                       const protocol::UsageArguments& wanted) -> Result<protocol::UsageResult> {
    if (Status good = check(wanted); !good) {
      return failure(good.error());
    }
    auto rows = journal.usage(wanted.from, wanted.to);
    if (!rows) {
      return failure(rows.error());
    }
    return protocol::UsageResult{{}, *std::move(rows)};
  };
  return query<protocol::UsageArguments>(services_, std::move(request), look);
}

}  // namespace quay::daemon::commands
