// SPDX-License-Identifier: Apache-2.0
// `--list` of a device worker: what its library found, as one JSON array on standard output, without a channel.
#pragma once

#include <unistd.h>

#include <iostream>
#include <vector>

#include "base/log.hpp"
#include "base/result.hpp"
#include "protocol/json/writer.hpp"

namespace quay::worker {

/// Gives the exit status when there is nothing to print; otherwise ends the process, without the library's own exit
/// handlers, as a worker does.
template <class Found>
int print_found(const Log& log, const Result<std::vector<Found>>& found) {
  if (!found) {
    log.error("{}", describe(found.error()));
    return 1;
  }
  std::cout << boost::json::serialize(protocol::to_json(*found)) << std::endl;
  ::_exit(std::cout ? 0 : 1);
}

}  // namespace quay::worker
