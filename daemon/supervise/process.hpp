// SPDX-License-Identifier: Apache-2.0
// One child process with a worker channel on descriptor 3 and nothing else of ours open. Owning it means killing it:
// the destructor never leaves an orphan that holds a device.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace quay::daemon::supervise {

struct ProcessSpec {
  std::filesystem::path program;
  std::vector<std::string> arguments;    ///< without argv[0]
  std::vector<std::string> environment;  ///< the whole of it: NAME=value
};

class Process {
 public:
  /// Starts `spec` with `channel` as descriptor 3 and, when given, `output` as standard output.
  /// Errors: worker_start_failed.
  static Result<Process> spawn(const ProcessSpec& spec, const UniqueFd& channel, const UniqueFd& output = UniqueFd());

  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  pid_t pid() const { return pid_; }
  /// Readable when the process has ended (pidfd_open(2)).
  int pidfd() const { return pidfd_.get(); }

  void kill();

  /// How it ended, in words for a log: "exit status 1", "signal SEGV". Call once pidfd() is readable. Empty: still
  /// alive.
  std::string reap();

 private:
  Process(pid_t pid, UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}

  pid_t pid_ = -1;
  UniqueFd pidfd_;
};

}  // namespace quay::daemon::supervise
