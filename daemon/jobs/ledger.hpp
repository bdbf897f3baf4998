// SPDX-License-Identifier: Apache-2.0
// The way from the loop to the storage thread and back: work runs over there, what it committed is published here, in
// the journal's order, before the waiter goes on.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/loop/mailbox.hpp"
#include "daemon/publish/event_publisher.hpp"
#include "daemon/storage/storage_thread.hpp"
#include "protocol/json/writer.hpp"

namespace quay::daemon::jobs {

using Events = std::vector<protocol::Event>;

/// An event that names `data`; journal, seq and prev come from Journal::append.
template <class Data>
protocol::Event make_event(const char* type, const Data& data, const std::string& visit = {},
                           const std::optional<std::string>& request_id = {}) {
  protocol::Event event;
  event.type = type;
  event.at = rfc3339_now();
  if (!visit.empty()) {
    event.visit = visit;
  }
  event.request_id = request_id;
  event.data = protocol::to_json_object(data);
  return event;
}

/// Appends to the journal inside a transaction and remembers the event for publishing.
Status append(storage::Journal& journal, Events& events, protocol::Event event);

class Ledger {
 public:
  using Change = std::function<Status(storage::Journal&, storage::Spool&, Events&)>;

  Ledger(loop::Loop& loop, storage::StorageThread& storage, publish::EventPublisher& publisher)
      : loop_(loop), storage_(storage), publisher_(publisher) {}

  /// Runs `work(journal, spool)` on the storage thread; gives what it returned, a Result.
  template <class Work>
  loop::Awaitable<std::invoke_result_t<Work&, storage::Journal&, storage::Spool&>> run(Work work) {
    using Outcome = std::invoke_result_t<Work&, storage::Journal&, storage::Spool&>;
    auto mailbox = std::make_shared<loop::Mailbox<Outcome>>(loop_);
    storage_.post([work = std::move(work), mailbox, &loop = loop_](auto& journal, auto& spool) mutable {
      auto outcome = std::make_shared<Outcome>(work(journal, spool));
      loop::asio::post(loop, [mailbox, outcome] { mailbox->push(std::move(*outcome)); });
    });
    std::optional<Outcome> outcome = co_await mailbox->receive(loop::kUntilClosed);
    co_return std::move(*outcome);
  }

  /// Runs `change` on the storage thread; when it succeeded, publishes the events it collected.
  loop::Awaitable<Status> commit(Change change);

  /// `hear` is told of every event after it was published. One listener.
  void listen(std::function<void(const protocol::Event&)> hear) { hear_ = std::move(hear); }

  /// Publishes an event that is not kept (progress, heartbeat).
  void announce(const protocol::Event& event) { publisher_.publish(event); }

  /// Sequence number of the newest event published here.
  std::uint64_t last_sequence() const { return last_sequence_; }
  void start_from(std::uint64_t sequence) { last_sequence_ = sequence; }

 private:
  loop::Loop& loop_;
  storage::StorageThread& storage_;
  publish::EventPublisher& publisher_;
  std::function<void(const protocol::Event&)> hear_;
  std::uint64_t last_sequence_ = 0;
};

}  // namespace quay::daemon::jobs
