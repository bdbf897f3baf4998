// SPDX-License-Identifier: Apache-2.0
// One after another where the order matters: who wants the same thing waits for the one before. Single-threaded.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "daemon/loop/mailbox.hpp"

namespace quay::daemon::loop {

class Turns {
 public:
  explicit Turns(Loop& loop) : loop_(loop) {}
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;
  ~Turns() = default;

  /// Held while it lives; the next in the queue goes on when it goes. The Turns outlive it.
  class Turn {
   public:
    Turn(Turns& turns, std::string key) : turns_(&turns), key_(std::move(key)) {}
    Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)), key_(std::move(other.key_)) {}
    Turn& operator=(Turn&&) = delete;
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
      if (turns_ != nullptr) {
        turns_->pass(key_);
      }
    }

   private:
    Turns* turns_;
    std::string key_;
  };

  /// Waits until nobody who came earlier holds `key`.
  Awaitable<Turn> take(std::string key) {
    auto mine = std::make_shared<Mailbox<int>>(loop_);
    auto& queue = queues_[key];
    queue.push_back(mine);
    if (queue.front() != mine) {
      co_await mine->receive(kUntilClosed);
    }
    Turn turn(*this, std::move(key));
    co_return turn;
  }

 private:
  void pass(const std::string& key) {
    const auto found = queues_.find(key);
    found->second.pop_front();
    if (found->second.empty()) {
      queues_.erase(found);
    } else {
      found->second.front()->push(0);
    }
  }

  Loop& loop_;
  std::map<std::string, std::deque<std::shared_ptr<Mailbox<int>>>> queues_;
};

}  // namespace quay::daemon::loop
