// SPDX-License-Identifier: Apache-2.0
// What the main() of every simulated device does: complains, passes a command on to one that runs, waits for its end.
#pragma once

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace quay::rig {

/// "PROGRAM: what went wrong" on standard error; gives the exit status 1.
int complain(const std::string& program, const Error& error);

/// Sends `words` to the control socket of a running simulator and prints its reply; gives the exit status.
int tell_running(const std::string& program, const std::filesystem::path& control,
                 const std::vector<std::string>& words);

/// SIGTERM and SIGINT as something to wait for. Made before any other thread, so that none of them takes a signal.
class EndSignals {
 public:
  EndSignals();
  void wait() const;

 private:
  sigset_t signals_{};
};

}  // namespace quay::rig
