// SPDX-License-Identifier: Apache-2.0
// One thing asked of an image worker, from the order to its last frame.
#pragma once

#include <functional>
#include <vector>

#include "daemon/jobs/page_task.hpp"
#include "daemon/supervise/worker.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::daemon::jobs {

struct PageRequest {
  const PageTask& task;
  int pixels = -1;                ///< descriptor of the raw page; the caller's
  bool text = false;              ///< with its words, without a preview
  Milliseconds patience{60'000};  ///< for the worker to be ready, and then for each of its frames
};

/// Takes one frame that is not the last. After an error the rest are passed over.
using TakeFrame = std::function<loop::Awaitable<Status>(supervise::Incoming)>;

struct ImageOrder {
  std::function<protocol::worker::ToWorker(std::uint64_t request)> frame;
  std::vector<int> descriptors;   ///< sent along; the caller's
  Milliseconds patience{60'000};  ///< for the worker to be ready, and then for each of its frames
};

/// Orders, and hands each frame to `take`. Errors: worker_start_failed, device_timeout, worker_crashed, what the worker
/// said, what `take` said.
loop::Awaitable<Status> carry_out(ImageOrder order, supervise::Worker& worker, TakeFrame take);

/// The same for a page. Errors also: journal_failed when its row cannot be read.
loop::Awaitable<Status> make_page(PageRequest request, supervise::Worker& worker, TakeFrame take);

}  // namespace quay::daemon::jobs
