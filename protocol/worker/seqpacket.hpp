// SPDX-License-Identifier: Apache-2.0
// One frame in, one frame out, on a SOCK_SEQPACKET socket, with descriptors beside it. Used by both ends: blocking in
// a worker, after a readiness wait in quayd. Never raises SIGPIPE.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace quay::protocol::worker {

struct Packet {
  std::string text;
  std::vector<UniqueFd> descriptors;
};

enum class Blocking : bool { no, yes };

/// A connected pair, close-on-exec, with room for a few of the largest frames. Errors: worker_start_failed.
Result<std::pair<UniqueFd, UniqueFd>> make_channel();

/// Sends one frame. `descriptors` are duplicated by the kernel; the caller keeps its own.
/// Errors: worker_crashed when the peer is gone or (Blocking::no) takes nothing more; worker_protocol past the limits.
Status send_packet(int socket, const std::string& text, const std::vector<int>& descriptors, Blocking blocking);

/// Receives one frame. Errors: worker_crashed at end of file; worker_protocol when it was longer than kLargestFrame;
/// device_busy (Blocking::no) when nothing is there yet.
Result<Packet> receive_packet(int socket, Blocking blocking);

}  // namespace quay::protocol::worker
