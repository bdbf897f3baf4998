// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and SIGTERM as a descriptor to be waited for (signalfd(2)), so that a scan can be cancelled instead of
// dropped.
#pragma once

#include <csignal>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace quay::ctl {

/// While it lives, SIGINT and SIGTERM end nothing: they are counted here. Make it before threads are started, they
/// inherit the blocked signals.
class Interrupt {
 public:
  /// Errors: bug, when the kernel gives no descriptor.
  static Result<Interrupt> create();

  Interrupt(Interrupt&& other) noexcept : fd_(std::move(other.fd_)), before_(other.before_) {}
  Interrupt& operator=(Interrupt&&) = delete;
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

  /// Readable when a signal has come.
  int fd() const { return fd_.get(); }

  /// Takes one signal; false when none has come.
  bool take();

 private:
  Interrupt(UniqueFd fd, sigset_t before) : fd_(std::move(fd)), before_(before) {}

  UniqueFd fd_;
  sigset_t before_;
};

}  // namespace quay::ctl
