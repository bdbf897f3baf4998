// SPDX-License-Identifier: Apache-2.0
// A program under test as a child: private environment, everything it prints kept in files, killed when its owner
// goes or dies. Never waits longer than told.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace quay::rig {

/// What to start. `arguments[0]` is the program, looked up in PATH when it holds no slash.
struct ChildOptions {
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;  ///< added to, or replacing, the parent's
  std::filesystem::path output_directory;          ///< receives <output_name>.out and <output_name>.err
  std::string output_name = "child";
  bool pipe_input = false;  ///< true: input() is the writing end of its standard input; false: /dev/null
};

/// How a child ended: by exit with `code`, or by `signal` (then code is -1).
struct ChildExit {
  int code = -1;
  int signal = 0;

  bool operator==(const ChildExit&) const = default;
};

class ChildProcess {
 public:
  /// Errors: file_unwritable when the output files cannot be made, worker_start_failed with errno when fork or exec
  /// fails (a missing program too).
  static Result<ChildProcess> start(const ChildOptions& options);

  ChildProcess(ChildProcess&&) noexcept = default;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  /// SIGKILL and reap, when it still runs.
  ~ChildProcess();

  pid_t pid() const { return pid_; }
  /// True until it has ended; reaps it when it has.
  bool running();
  /// Errors: device_timeout when it still runs at the deadline (it goes on running).
  Result<ChildExit> wait(Deadline deadline);
  Result<ChildExit> wait(SteadyClock::duration patience = Milliseconds(20'000)) { return wait(deadline_in(patience)); }
  /// Sends a signal; nothing when it has ended.
  void send_signal(int number);
  /// SIGTERM, up to `grace`, then SIGKILL. Returns how it ended.
  ChildExit stop(SteadyClock::duration grace = Milliseconds(5'000));

  /// What it has printed so far.
  std::string output() const;
  std::string errors() const;
  /// Both streams with headings and the command line: for the message of a failed expectation.
  std::string transcript() const;
  /// The writing end of its standard input when asked for; reset it to send end of file.
  UniqueFd& input() { return input_; }

 private:
  ChildProcess() = default;
  void reap(int options);

  pid_t pid_ = -1;
  UniqueFd pidfd_;
  UniqueFd input_;
  std::optional<ChildExit> exit_;
  std::string command_;
  std::filesystem::path out_;
  std::filesystem::path err_;
};

}  // namespace quay::rig
