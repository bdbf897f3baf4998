// SPDX-License-Identifier: Apache-2.0
// What a kind of worker program brings to the harness: how its device carries out one request.
#pragma once

#include <optional>
#include <vector>

#include "devices/worker/job.hpp"

namespace quay::worker {

/// How a request ended. Pages already sent stay valid whatever `error` says.
struct Outcome {
  std::int32_t pages = 0;
  std::optional<Error> error;
};

class Device {
 public:
  Device() = default;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  virtual ~Device() = default;

  /// Called once, before anything else: where frames with request 0 go, of which nobody asked for. `channel` outlives
  /// the device's use. Thread: channel.
  virtual void connect(const Channel& /*channel*/) {}

  /// Called once, when both threads run and before Hello. A failure ends the process. Thread: device.
  virtual Status prepare() { return {}; }

  /// Carries out one of frames::ToWorker that is a request; may block for as long as its library likes. What it throws
  /// becomes Errc::bug. Thread: device. Owner: `descriptors` are its own.
  virtual Outcome carry_out(const frames::ToWorker& request, std::vector<UniqueFd> descriptors, Job& job) = 0;

  /// A frame or a request is over: what it left on the stack below may be overwritten. Thread: the one it was on.
  virtual void forget() noexcept {}

  /// The running request is no longer wanted; job.cancelled() is already true. Must return at once: the thread that
  /// calls it is the one that hears of the end of quayd. Thread: channel.
  virtual void cancel() noexcept {}
};

}  // namespace quay::worker
