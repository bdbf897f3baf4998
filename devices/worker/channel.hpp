// SPDX-License-Identifier: Apache-2.0
// A worker's end of the private channel: typed frames in, typed frames out. Knows nothing of what they mean.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::worker {

namespace frames = quay::protocol::worker;

/// The descriptor a worker inherits its channel on.
inline constexpr int kChannelDescriptor = 3;

/// A frame with the descriptors that came beside it.
struct Incoming {
  frames::ToWorker message;
  std::vector<UniqueFd> descriptors;
};

class Channel {
 public:
  explicit Channel(UniqueFd socket) : socket_(std::move(socket)) {}

  /// Sends one frame and waits while quayd has no room for it. Owner: the caller keeps `descriptors`.
  /// Thread: any. Errors: worker_crashed when quayd is gone; worker_protocol past the frame's limits.
  Status send(const frames::FromWorker& message, const std::vector<int>& descriptors = {}) const;

  /// Waits for one frame. Thread: one reader.
  /// Errors: worker_crashed when quayd closed the channel; worker_protocol for a frame that cannot be read.
  Result<Incoming> receive() const;

 private:
  UniqueFd socket_;
};

}  // namespace quay::worker
