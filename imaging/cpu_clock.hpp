// SPDX-License-Identifier: Apache-2.0
// CPU time of the calling thread, so that a step's cost does not depend on who else is running.
#pragma once

#include <ctime>
#include <string>
#include <vector>

#include "imaging/page.hpp"

namespace quay::imaging {

/// CPU milliseconds this thread has used so far.
inline double thread_cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// Appends {name, CPU time since the last lap} to `steps` at each lap.
class StepClock {
 public:
  explicit StepClock(std::vector<StepTime>& steps) : steps_(steps) {}

  void lap(std::string name) {
    const double now = thread_cpu_ms();
    steps_.push_back({std::move(name), now - last_});
    last_ = now;
  }

 private:
  std::vector<StepTime>& steps_;
  double last_ = thread_cpu_ms();
};

}  // namespace quay::imaging
