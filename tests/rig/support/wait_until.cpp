// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/support/wait_until.hpp"

#include <thread>

namespace quay::rig {

bool wait_until(const std::function<bool()>& predicate, Deadline deadline) {
  constexpr auto kBetweenLooks = Milliseconds(2);
  while (!predicate()) {
    if (SteadyClock::now() >= deadline) {
      return predicate();
    }
    std::this_thread::sleep_for(kBetweenLooks);
  }
  return true;
}

bool wait_until(const std::function<bool()>& predicate, SteadyClock::duration patience) {
  return wait_until(predicate, deadline_in(patience));
}

}  // namespace quay::rig
