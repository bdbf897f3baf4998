// SPDX-License-Identifier: Apache-2.0
// quay-camera under the supervision that quayd gives it: the real deadlines, the real ladder of Cancel and SIGKILL, and
// the camera simulator at the other end.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/loop/task_group.hpp"
#include "daemon/supervise/worker.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::test {

namespace frames = quay::protocol::worker;

/// What one request gave, up to its end.
struct CameraAnswers {
  std::optional<Error> error;
  std::vector<std::vector<std::uint8_t>> pages;
  std::vector<std::string> media_types;  ///< of the pages
  std::optional<frames::Described> described;
  std::optional<frames::Condition> condition;
  std::vector<frames::Stage> stages;
  int live_frames = 0;

  /// The wire code of the error, "" when it went well.
  std::string code() const;
};

class SupervisedCamera {
 public:
  using Make = std::function<frames::ToWorker(std::uint64_t request)>;
  /// Called with each frame that came; true: no more is wanted, Cancel is sent.
  using Enough = std::function<bool(const CameraAnswers&)>;

  /// `port` and `model`: as libgphoto2 spells them. Late_work: how long a picture of a worker that died may come.
  explicit SupervisedCamera(const std::string& port, const std::string& model = "PTP/IP Camera",
                            Milliseconds late_work = Milliseconds(30'000));
  SupervisedCamera(const SupervisedCamera&) = delete;
  SupervisedCamera& operator=(const SupervisedCamera&) = delete;
  ~SupervisedCamera();

  /// Asks, and waits for the end. `stall`: how long quayd would wait between two signs of life.
  CameraAnswers ask(Make make, Milliseconds stall, Enough enough = {});

  CameraAnswers describe(Milliseconds stall);
  CameraAnswers look(Milliseconds stall);
  CameraAnswers capture(const frames::Capture& order, Milliseconds stall, Enough enough = {});
  /// Until `wanted` frames came.
  CameraAnswers live_view(int wanted, Milliseconds stall, double frames_per_second = 30);

  pid_t pid() const { return worker_.pid(); }

 private:
  daemon::loop::Awaitable<void> carry_out(Make make, Milliseconds stall, Enough enough);
  void take(daemon::supervise::Incoming incoming);

  daemon::loop::Loop loop_{1};
  Log log_{"test", LogLevel::error};
  daemon::loop::TaskGroup tasks_{loop_, log_};
  daemon::supervise::Worker worker_;
  CameraAnswers answers_;
  bool done_ = false;
};

}  // namespace quay::test
