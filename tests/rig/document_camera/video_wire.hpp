// SPDX-License-Identifier: Apache-2.0
// How the preloaded shim hands a program's system calls on a video node to quay-sim-document-camera: one call, one
// answer, on the socket that stands where the node would.
#pragma once

#include <cstdint>

namespace quay::rig {

/// Followed by `size` bytes: an ioctl's argument, or a MapWish.
struct VideoCall {
  std::uint64_t request = 0;  ///< of ioctl(2); 0: mmap(2)
  std::uint64_t size = 0;
};

struct MapWish {
  std::uint64_t length = 0;
  std::uint64_t offset = 0;
};

/// Followed by the argument as the driver left it; beside the answer to a map comes the memory's descriptor.
struct VideoAnswer {
  std::int64_t error = 0;  ///< errno, or 0
  std::uint64_t size = 0;
};

/// The first byte on a new connection; beside it comes an eventfd that counts the frames which wait.
inline constexpr char kVideoHello = 'v';

}  // namespace quay::rig
