// SPDX-License-Identifier: Apache-2.0
#include "devices/worker/progress_throttle.hpp"

namespace quay::worker {
namespace {

constexpr Milliseconds kShortestGap{100};

}  // namespace

bool ProgressThrottle::admits(const protocol::worker::Progress& progress, SteadyClock::time_point now) {
  const bool new_step = !last_ || last_->stage != progress.stage || last_->page != progress.page;
  const bool page_done =
      progress.rows_total > 0 && progress.rows_done >= progress.rows_total && last_->rows_done < progress.rows_total;
  if (!new_step && !page_done && now - last_at_ < kShortestGap) {
    return false;
  }
  last_ = progress;
  last_at_ = now;
  return true;
}

}  // namespace quay::worker
