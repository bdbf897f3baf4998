// SPDX-License-Identifier: Apache-2.0
// The one way to wait in quayd: a queue with one reader, whose every receive has a deadline. Single-threaded: push
// from the loop's thread only.
#pragma once

#include <deque>
#include <optional>
#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "base/clock.hpp"
#include "daemon/loop/awaitable.hpp"

namespace quay::daemon::loop {

/// For readers that live until close(): they have an owner who closes.
inline constexpr Deadline kUntilClosed = Deadline::max();

template <class T>
class Mailbox {
 public:
  explicit Mailbox(Loop& loop) : wake_(loop) {}

  void push(T item) {
    items_.push_back(std::move(item));
    wake_.cancel();
  }

  /// Wakes the reader for good: once the queue is empty, every receive returns at once with nothing.
  void close() {
    closed_ = true;
    wake_.cancel();
  }

  bool closed() const { return closed_; }
  std::size_t size() const { return items_.size(); }
  void clear() { items_.clear(); }

  /// The next item; nothing when `deadline` passed or the mailbox was closed.
  Awaitable<std::optional<T>> receive(Deadline deadline) {
    while (items_.empty()) {
      if (closed_ || SteadyClock::now() >= deadline) {
        co_return std::nullopt;
      }
      wake_.expires_at(deadline);
      co_await wake_.async_wait(kAwait);
    }
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    co_return item;
  }

 private:
  std::deque<T> items_;
  asio::steady_timer wake_;
  bool closed_ = false;
};

}  // namespace quay::daemon::loop
