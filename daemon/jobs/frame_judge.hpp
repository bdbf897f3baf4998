// SPDX-License-Identifier: Apache-2.0
// What an image worker thinks of live views: the newest frame of each, one at a time, in a worker of its own, so that
// neither a frame nor a page waits for it. What it does not come to, it passes over.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/shared_buffer.hpp"
#include "daemon/loop/mailbox.hpp"
#include "daemon/loop/task_group.hpp"
#include "daemon/supervise/worker.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::daemon::jobs {

class FrameJudge {
 public:
  using Told = std::function<void(const protocol::worker::FrameJudged&)>;

  FrameJudge(loop::Loop& loop, const Log& log, loop::TaskGroup& tasks)
      : loop_(loop), log_(log), tasks_(tasks), wake_(loop) {}

  /// The program that judges. It is started with the first frame: most counters have no camera.
  void start(supervise::WorkerSpec spec);
  void stop();

  /// `told` gets the judgement of that frame, unless a newer one of the same view comes first, or none can be had.
  void look(const std::string& view, std::shared_ptr<ReadableBuffer> jpeg, Told told);
  void forget(const std::string& view) { waiting_.erase(view); }

 private:
  struct Waiting {
    std::shared_ptr<ReadableBuffer> jpeg;
    Told told;
  };

  loop::Awaitable<void> run();
  loop::Awaitable<void> judge(Waiting frame);
  Waiting take_next();

  loop::Loop& loop_;
  const Log& log_;
  loop::TaskGroup& tasks_;
  std::unique_ptr<supervise::Worker> worker_;
  std::map<std::string, Waiting> waiting_;  ///< by view
  std::string last_;                        ///< the view that was looked at last: the others come first
  loop::Mailbox<int> wake_;
  bool running_ = false;
};

}  // namespace quay::daemon::jobs
