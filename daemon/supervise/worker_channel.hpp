// SPDX-License-Identifier: Apache-2.0
// quayd's end of one worker's channel: typed frames out, typed frames in. Lives as long as the process it leads to.
#pragma once

#include <memory>
#include <vector>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/unique_fd.hpp"
#include "daemon/loop/awaitable.hpp"
#include "daemon/supervise/trace_ring.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::daemon::supervise {

namespace frames = protocol::worker;

/// A frame with the descriptors that came beside it.
struct Incoming {
  frames::FromWorker message;
  std::vector<UniqueFd> descriptors;
  Incoming(frames::FromWorker body, std::vector<UniqueFd> with)
      : message(std::move(body)), descriptors(std::move(with)) {}
  ~Incoming() = default;
  Incoming(const Incoming&) = delete;
  Incoming& operator=(const Incoming&) = delete;
  Incoming(Incoming&&) noexcept = default;
  Incoming& operator=(Incoming&&) noexcept = default;
};

class WorkerChannel {
 public:
  /// `trace` outlives it, and is told of every frame.
  WorkerChannel(loop::Loop& loop, UniqueFd socket, TraceRing& trace);

  /// Errors: worker_crashed when the worker is gone or takes nothing more: it is to be killed then.
  Status send(const frames::ToWorker& message, const std::vector<int>& descriptors = {});

  /// Errors: worker_crashed at its end or after close(), worker_protocol for nonsense.
  loop::Awaitable<Result<Incoming>> receive();

  void close();

 private:
  loop::asio::posix::stream_descriptor socket_;
  TraceRing& trace_;
};

/// Gives a worker's buffer back when the last holder lets go, if that worker still lives.
class BufferLease {
 public:
  BufferLease() = default;
  BufferLease(std::weak_ptr<WorkerChannel> channel, std::uint64_t buffer)
      : channel_(std::move(channel)), buffer_(buffer) {}
  BufferLease(BufferLease&& other) noexcept = default;
  BufferLease& operator=(BufferLease&& other) noexcept;
  BufferLease(const BufferLease&) = delete;
  BufferLease& operator=(const BufferLease&) = delete;
  ~BufferLease() { release(); }

  void release();

 private:
  std::weak_ptr<WorkerChannel> channel_;
  std::uint64_t buffer_ = 0;
};

}  // namespace quay::daemon::supervise
