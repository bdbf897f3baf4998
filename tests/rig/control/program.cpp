// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/control/program.hpp"

#include <cstdio>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/rig/control/line_server.hpp"

namespace quay::rig {

int complain(const std::string& program, const Error& error) {
  fmt::print(stderr, "{}: {}\n", program, describe(error));
  return 1;
}

int tell_running(const std::string& program, const std::filesystem::path& control,
                 const std::vector<std::string>& words) {
  const auto reply = tell(control, fmt::format("{}", fmt::join(words, " ")));
  if (!reply) {
    return complain(program, reply.error());
  }
  fmt::print("{}\n", *reply);
  return reply->starts_with("ok") ? 0 : 1;
}

EndSignals::EndSignals() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

void EndSignals::wait() const {
  int received = 0;
  sigwait(&signals_, &received);
}

}  // namespace quay::rig
