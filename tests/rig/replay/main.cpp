// SPDX-License-Identifier: Apache-2.0
// quay-replay SESSION: stands for a device worker, and does what the device did when the session was recorded.
#include <cstdio>

#include <fmt/format.h>

#include "tests/rig/replay/player.hpp"

namespace {
constexpr int kChannel = 3;
}

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: quay-replay SESSION (quayd starts it in the place of a worker)\n");
    return 2;
  }
  auto session = quay::rig::read_session(argv[1]);
  if (!session) {
    fmt::print(stderr, "quay-replay: {}\n", quay::describe(session.error()));
    return 2;
  }
  return quay::rig::Player(std::move(*session), quay::UniqueFd(kChannel)).run();
}
