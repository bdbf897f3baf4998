// SPDX-License-Identifier: Apache-2.0
#include "devices/scanner/canceller.hpp"

#include <limits>

namespace quay::scanner {
namespace {

constexpr std::uint32_t kStop = std::numeric_limits<std::uint32_t>::max();

}  // namespace

Canceller::Canceller() : thread_([this] { run(); }) {}

Canceller::~Canceller() {
  unwatch();
  wanted_.store(kStop);
  wanted_.notify_all();
  thread_.join();
}

void Canceller::watch(SANE_Handle handle) {
  const std::lock_guard lock(mutex_);
  handle_ = handle;
  opening_.fetch_add(1);
}

void Canceller::unwatch() {
  const std::lock_guard lock(mutex_);
  handle_ = nullptr;
  unwatched_.notify_all();
}

void Canceller::request() noexcept {
  wanted_.store(opening_.load());
  wanted_.notify_all();
}

void Canceller::cancel_now() {
  const std::lock_guard lock(mutex_);
  if (handle_ != nullptr) {
    ::sane_cancel(handle_);
  }
}

void Canceller::run() {
  std::uint32_t done = 0;
  while (done != kStop) {
    wanted_.wait(done);
    done = wanted_.load();
    cancel_unless_over(done);
  }
}

void Canceller::cancel_unless_over(std::uint32_t opening) {
  std::unique_lock lock(mutex_);
  const auto over = [&] { return handle_ == nullptr || opening_.load() != opening; };
  if (!unwatched_.wait_for(lock, kPatience, over)) {
    ::sane_cancel(handle_);
  }
}

}  // namespace quay::scanner
