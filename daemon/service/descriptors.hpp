// SPDX-License-Identifier: Apache-2.0
// How many descriptors are left. libzmq 4.3.4 ends the process when accept(2) finds none (src/ipc_listener.cpp), so
// this must be seen coming.
#pragma once

#include <cstddef>

namespace quay::daemon::service {

struct DescriptorUse {
  std::size_t open = 0;
  std::size_t limit = 0;  ///< RLIMIT_NOFILE, soft

  /// More than half are in use: somebody leaks connections.
  bool alarming() const { return open > limit / 2; }
  /// Well below that again.
  bool easy() const { return open < limit / 8 * 3; }
};

/// Of this process (/proc/self/fd, getrlimit(2)). Zeros when neither can be read.
DescriptorUse descriptor_use();

/// Raises the soft limit to the hard one, at most 65536: what the unit gives, also when started by hand.
void raise_descriptor_limit();

}  // namespace quay::daemon::service
