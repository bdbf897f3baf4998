// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/ledger.hpp"

namespace quay::daemon::jobs {

Status append(storage::Journal& journal, Events& events, protocol::Event event) {
  if (Status appended = journal.append(event); !appended) {
    return appended;
  }
  events.push_back(std::move(event));
  return {};
}

loop::Awaitable<Status> Ledger::commit(Change change) {
  auto mailbox = std::make_shared<loop::Mailbox<Status>>(loop_);
  storage_.post([this, change = std::move(change), mailbox](storage::Journal& journal, storage::Spool& spool) {
    auto events = std::make_shared<Events>();
    auto status = std::make_shared<Status>(change(journal, spool, *events));
    loop::asio::post(loop_, [this, events, status, mailbox] {
      if (*status) {
        for (const protocol::Event& event : *events) {
          last_sequence_ = event.seq.value_or(last_sequence_);
          publisher_.publish(event);
          if (hear_) {
            hear_(event);
          }
        }
      }
      mailbox->push(std::move(*status));
    });
  });
  std::optional<Status> status = co_await mailbox->receive(loop::kUntilClosed);
  co_return std::move(*status);
}

}  // namespace quay::daemon::jobs
