// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/frame_judge.hpp"

#include <utility>

#include "daemon/jobs/page_request.hpp"

namespace quay::daemon::jobs {

namespace frames = protocol::worker;
using loop::Awaitable;

namespace {

/// A frame is looked at in a tenth of a second; a worker that takes so long is stuck.
constexpr Milliseconds kPatience{5'000};

Awaitable<Status> keep(std::optional<frames::FrameJudged>& judged, supervise::Incoming incoming) {
  if (auto* found = std::get_if<frames::FrameJudged>(&incoming.message)) {
    judged = std::move(*found);
  }
  co_return Status();
}

}  // namespace

void FrameJudge::start(supervise::WorkerSpec spec) {
  worker_ = std::make_unique<supervise::Worker>(loop_, log_, std::move(spec));
}

void FrameJudge::stop() {
  wake_.close();
  waiting_.clear();
  if (worker_) {
    worker_->stop();
  }
}

void FrameJudge::look(const std::string& view, std::shared_ptr<ReadableBuffer> jpeg, Told told) {
  if (!worker_ || wake_.closed()) {
    return;
  }
  if (!std::exchange(running_, true)) {
    tasks_.spawn("live judge worker", worker_->run());
    tasks_.spawn("live judge", run());
  }
  waiting_[view] = Waiting{std::move(jpeg), std::move(told)};
  if (wake_.size() == 0) {
    wake_.push(0);
  }
}

FrameJudge::Waiting FrameJudge::take_next() {
  auto next = waiting_.upper_bound(last_);
  next = next == waiting_.end() ? waiting_.begin() : next;
  last_ = next->first;
  Waiting frame = std::move(next->second);
  waiting_.erase(next);
  return frame;
}

Awaitable<void> FrameJudge::run() {
  while (co_await wake_.receive(loop::kUntilClosed)) {
    while (!waiting_.empty()) {
      co_await judge(take_next());
    }
  }
}

Awaitable<void> FrameJudge::judge(Waiting frame) {
  ImageOrder order;
  order.frame = [bytes = frame.jpeg->bytes().size()](std::uint64_t request) {
    return frames::ToWorker(frames::JudgeFrame{{}, request, bytes});
  };
  order.descriptors = {frame.jpeg->fd()};
  order.patience = kPatience;
  std::optional<frames::FrameJudged> judged;
  const TakeFrame take = [&judged](supervise::Incoming incoming) { return keep(judged, std::move(incoming)); };
  const Status done = co_await carry_out(std::move(order), *worker_, take);
  if (done && judged) {
    frame.told(*judged);
  } else if (!done) {
    log_.debug("a live frame was not judged: {}", describe(done.error()));
  }
}

}  // namespace quay::daemon::jobs
