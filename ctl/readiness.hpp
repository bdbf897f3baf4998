// SPDX-License-Identifier: Apache-2.0
// May the counter open? One verdict over all devices.
#pragma once

#include <string>

#include "base/errc.hpp"
#include "ctl/language.hpp"
#include "protocol/client/commands.hpp"

namespace quay::ctl {

struct Readiness {
  enum class Kind : std::uint8_t { ready, starting, not_ready };
  Kind kind = Kind::ready;
  std::string device{};               ///< the first one that is not ready; empty when there is none at all
  Errc reason = Errc::device_absent;  ///< why it is not; says nothing when all are
};

/// Ready when there is a device and each is ready, busy, or only waits for paper in its feeder. What is faulty counts
/// more than what is starting.
Readiness judge_readiness(const protocol::StateResult& state);

/// One line: "ready: demo, cam" or "not ready: demo: Paper jam: ... [paper.jam]".
std::string readiness_text(Language language, const Readiness& readiness, const protocol::StateResult& state);

}  // namespace quay::ctl
