// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/ledger.hpp"

#include <algorithm>

namespace quay::daemon::jobs {
namespace {

std::string root_of(const std::string& topic) { return topic.substr(0, topic.find('.') + 1); }

}  // namespace

Status append(storage::Journal& journal, Events& events, protocol::Event event) {
  publish::Notice notice;
  if (Status appended = journal.append(event, &notice.text); !appended) {
    return appended;
  }
  notice.topic = std::move(event.type);
  notice.seq = event.seq;
  notice.visit = event.visit.value_or("");
  events.push_back(std::move(notice));
  return {};
}

Status hand_over(storage::Journal& journal, Events& events, const storage::RenditionRow& row,
                 std::span<const std::uint8_t> bytes) {
  const auto number = journal.newest_rendition();
  if (!number) {
    return failure(number.error());
  }
  if (bytes.size() <= protocol::kLargestChunk) {
    publish::FreshRendition fresh{*number, row.owner, row.info, {bytes.begin(), bytes.end()}};
    events.back().fresh = std::make_shared<const publish::FreshRendition>(std::move(fresh));
  }
  return {};
}

loop::Awaitable<Status> Ledger::commit(Change change) {
  auto mailbox = std::make_shared<loop::Mailbox<Status>>(loop_);
  storage_.post([this, change = std::move(change), mailbox](storage::Journal& journal, storage::Spool& spool) {
    auto events = std::make_shared<Events>();
    auto status = std::make_shared<Status>(change(journal, spool, *events));
    if (!*status) {
      events->clear();
    }
    for (const publish::Notice& notice : *events) {
      publish(notice);
    }
    loop::asio::post(loop_, [this, events, status, mailbox] {
      if (listener_) {
        std::for_each(events->begin(), events->end(), listener_);
      }
      mailbox->push(std::move(*status));
    });
  });
  std::optional<Status> status = co_await mailbox->receive(loop::kUntilClosed);
  co_return std::move(*status);
}

/// On the storage thread: a hop to the loop first would cost a subscriber more than all of ZeroMQ does.
void Ledger::publish(const publish::Notice& notice) {
  {
    // First: a newcomer is told of what may already have passed it by.
    const std::lock_guard lock(mutex_);
    position_.seq = notice.seq.value_or(position_.seq);
    position_.roots[root_of(notice.topic)] = position_.seq;
  }
  publisher_.publish(notice);
}

Position Ledger::position() const {
  const std::lock_guard lock(mutex_);
  return position_;
}

void Ledger::announce(protocol::Event event) {
  event.journal = journal_;
  publisher_.publish(publish::Notice{event.type, std::nullopt, event.visit.value_or(""), protocol::encode(event)});
}

}  // namespace quay::daemon::jobs
