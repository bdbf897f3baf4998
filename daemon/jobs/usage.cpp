// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/usage.hpp"

#include "daemon/storage/citizen_count.hpp"
#include "daemon/usage/local_day.hpp"
#include "identity/qr_payload.hpp"

namespace quay::daemon::jobs {

using loop::Awaitable;

void note_citizens(storage::Journal& open, const storage::KeyRing& keys, const std::vector<protocol::CodeBody>& codes) {
  for (const protocol::CodeBody& code : codes) {
    if (code.format != "QRCode") {
      continue;
    }
    if (const auto card = identity::parse_qr(code.text)) {
      [[maybe_unused]] const Status noted =
          storage::note_citizen(open, keys, usage::local_time_now().day, card->number);
    }
  }
}

Awaitable<void> count_citizen(Ledger& ledger, const Log& log, std::string number) {
  const auto note = [number = std::move(number)](storage::Journal& journal, storage::Spool& spool) {
    return journal.transact([&](storage::Journal& open) {
      return storage::note_citizen(open, spool.keys(), usage::local_time_now().day, number);
    });
  };
  const Status noted = co_await ledger.run(note);
  if (!noted) {
    log.error("usage: {}", describe(noted.error()));
  }
}

Awaitable<void> close_past_days(Ledger& ledger, const Log& log) {
  const auto close = [](storage::Journal& journal, storage::Spool&) {
    return storage::close_other_days(journal, usage::local_time_now().day);
  };
  const Result<bool> closed = co_await ledger.run(close);
  if (!closed) {
    log.error("usage: {}", describe(closed.error()));
  } else if (*closed) {
    log.info("the key of a past day's count is destroyed");
  }
}

}  // namespace quay::daemon::jobs
