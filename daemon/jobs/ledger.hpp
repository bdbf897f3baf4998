// SPDX-License-Identifier: Apache-2.0
// The way from the loop to the storage thread and back: work runs over there, what it committed is published there too,
// at once and in the journal's order, before the waiter goes on here.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "daemon/loop/mailbox.hpp"
#include "daemon/publish/event_publisher.hpp"
#include "daemon/storage/storage_thread.hpp"
#include "protocol/json/writer.hpp"

namespace quay::daemon::jobs {

/// What a change told the journal, in order; published when the change is on the disk.
using Events = std::vector<publish::Notice>;

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

/// Hands the rendition that the last of `events` tells of to those who follow its visit, unless it is too large for one
/// piece. In the transaction that put its row.
Status hand_over(storage::Journal& journal, Events& events, const storage::RenditionRow& row,
                 std::span<const std::uint8_t> bytes);

/// How far the event log has come and has been published.
struct Position {
  std::string journal;
  std::uint64_t seq = 0;
  std::map<std::string, std::uint64_t> roots;  ///< newest of each topic root ("capture.")
};

class Ledger {
 public:
  using Change = std::function<Status(storage::Journal&, storage::Spool&, Events&)>;
  using Listener = std::function<void(const publish::Notice&)>;

  Ledger(loop::Loop& loop, storage::StorageThread& storage, publish::EventPublisher& publisher, Position start)
      : loop_(loop), storage_(storage), publisher_(publisher), journal_(start.journal), position_(std::move(start)) {}

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

  /// Publishes an event that is not kept (progress, heartbeat).
  void announce(protocol::Event event);

  /// `listener` hears of each kept event after it was published, on the loop. One; set before anything runs.
  void listen(Listener listener) { listener_ = std::move(listener); }

  loop::Loop& loop() const { return loop_; }

  /// What was published before the call is in it.
  Position position() const;
  /// Sequence number of the newest event published.
  std::uint64_t last_sequence() const { return position().seq; }

 private:
  void publish(const publish::Notice& notice);

  loop::Loop& loop_;
  storage::StorageThread& storage_;
  publish::EventPublisher& publisher_;
  std::string journal_;
  mutable std::mutex mutex_;
  Position position_;  ///< written by the storage thread
  Listener listener_;
};

}  // namespace quay::daemon::jobs
