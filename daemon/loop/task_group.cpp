// SPDX-License-Identifier: Apache-2.0
#include "daemon/loop/task_group.hpp"

namespace quay::daemon::loop {
namespace {

std::string what(const std::exception_ptr& escaped) {
  try {
    std::rethrow_exception(escaped);
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return "not a std::exception";
  }
}

}  // namespace

void TaskGroup::spawn(std::string name, Awaitable<void> task) {
  ++running_;
  asio::co_spawn(loop_, std::move(task),
                 [this, name = std::move(name)](const std::exception_ptr& escaped) { finished(name, escaped); });
}

void TaskGroup::finished(const std::string& name, const std::exception_ptr& escaped) {
  --running_;
  if (escaped) {
    failed_ = true;
    log_.error("task {} ended with an exception: {}", name, what(escaped));
    loop_.stop();
  }
  if (running_ == 0) {
    idle_.push(0);
  }
}

Awaitable<bool> TaskGroup::join(Deadline deadline) {
  while (running_ > 0 && SteadyClock::now() < deadline) {
    co_await idle_.receive(deadline);
  }
  co_return running_ == 0;
}

}  // namespace quay::daemon::loop
