// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/make_room.hpp"

#include <map>

#include "protocol/client/events.hpp"

namespace quay::daemon::jobs {
namespace {

constexpr std::int32_t kAtOnce = 4;  // about what is asked for: no more goes than must

using Rows = std::vector<storage::CaptureRow>;

Status forget(storage::Journal& open, Events& events, const Rows& rows) {
  std::map<std::string, std::vector<std::string>> by_visit;
  for (const storage::CaptureRow& row : rows) {
    if (Status forgotten = open.forget_raw(row.capture); !forgotten) {
      return forgotten;
    }
    by_visit[row.visit.value].push_back(row.capture.value);
  }
  for (const auto& [visit, captures] : by_visit) {
    const protocol::CapturesNamed data{{}, captures};
    if (Status told = append(open, events, make_event(protocol::topic::kCaptureRawDropped, data, visit)); !told) {
      return told;
    }
  }
  return {};
}

/// The oldest originals that may go lose their rows, then their files. Gives how many.
loop::Awaitable<Result<std::size_t>> drop_some(Ledger& ledger) {
  const auto rows = std::make_shared<Rows>();
  const Ledger::Change change = [rows](storage::Journal& journal, storage::Spool&, Events& events) -> Status {
    auto found = journal.raws_to_drop(kAtOnce);
    if (!found) {
      return failure(found.error());
    }
    *rows = *std::move(found);
    return rows->empty() ? Status()
                         : journal.transact([&](storage::Journal& open) { return forget(open, events, *rows); });
  };
  const Status forgotten = co_await ledger.commit(change);
  if (!forgotten) {
    co_return failure(forgotten.error());
  }
  const auto remove = [rows](storage::Journal&, storage::Spool& spool) -> Status {
    for (const storage::CaptureRow& row : *rows) {
      if (Status removed = spool.remove({row.visit, row.capture.value, "raw"}); !removed) {
        return removed;
      }
    }
    return {};
  };
  const Status removed = co_await ledger.run(remove);
  if (!removed) {
    co_return failure(removed.error());
  }
  co_return rows->size();
}

}  // namespace

loop::Awaitable<Status> make_room(Ledger& ledger, std::uint64_t bytes) {
  const auto look = [bytes](storage::Journal&, storage::Spool& spool) { return spool.check_room(bytes); };
  for (;;) {
    Status room = co_await ledger.run(look);
    if (room || room.error().code != Errc::spool_full) {
      co_return room;
    }
    const Result<std::size_t> dropped = co_await drop_some(ledger);
    if (!dropped) {
      co_return failure(dropped.error());
    }
    if (*dropped == 0) {
      co_return room;
    }
  }
}

}  // namespace quay::daemon::jobs
