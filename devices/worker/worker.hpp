// SPDX-License-Identifier: Apache-2.0
// The life of a worker process: Hello, then one request at a time until quayd says Shutdown or closes the channel.
// Two threads: the channel thread reads frames and never enters a device library, the device thread does nothing else.
// So a hung library can be cancelled, and can never keep the process alive.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/log.hpp"
#include "devices/worker/device.hpp"

namespace quay::worker {

/// Page buffers a worker may have out at once: one being read, one being stored, one between.
inline constexpr std::size_t kMostBuffers = 3;

/// How a worker process ends by itself.
enum class ExitStatus : int { good = 0, prepare_failed = 1, protocol = 2 };

class Worker {
 public:
  /// Borrows `device` and `log` until the process ends.
  Worker(UniqueFd channel, Device& device, const Log& log, std::string version);

  /// Serves `program` until the end of the process. The calling thread becomes the channel thread.
  [[noreturn]] void run(const std::string& program);

 private:
  struct Pending {
    frames::ToWorker request;
    std::vector<UniqueFd> descriptors;
    std::shared_ptr<Job> job;
  };

  void serve_device(const std::string& program);
  void serve_one();
  std::unique_ptr<Pending> wait_for_request();
  Outcome carry_out(Pending& pending);
  void finish(const Job& job, Outcome outcome);

  void read_frames();
  bool read_one();
  void take(Incoming incoming);
  void start(std::uint64_t request, Incoming incoming);
  void cancel(std::optional<std::uint64_t> request);
  std::shared_ptr<Job> running(std::optional<std::uint64_t> request);
  [[noreturn]] void leave(ExitStatus status);

  Channel channel_;
  Device& device_;
  const Log& log_;
  std::string version_;
  BufferPool pool_{kMostBuffers};

  std::mutex mutex_;
  std::condition_variable changed_;
  std::unique_ptr<Pending> pending_;  ///< asked for, not begun; on the heap, as all that a request says
  std::shared_ptr<Job> running_;      ///< from the asking to just before Finished
};

}  // namespace quay::worker
