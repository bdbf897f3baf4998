// SPDX-License-Identifier: Apache-2.0
#include "ctl/interrupt.hpp"

#include <pthread.h>
#include <sys/signalfd.h>

#include <cerrno>

namespace quay::ctl {

Result<Interrupt> Interrupt::create() {
  sigset_t signals;
  sigset_t before;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, &before);
  UniqueFd fd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) {
    return failure(errno_error(Errc::bug, "signalfd", errno));
  }
  return Interrupt(std::move(fd), before);
}

Interrupt::~Interrupt() {
  if (fd_) {
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
}

bool Interrupt::take() {
  signalfd_siginfo info{};
  return ::read(fd_.get(), &info, sizeof(info)) == static_cast<ssize_t>(sizeof(info));
}

}  // namespace quay::ctl
