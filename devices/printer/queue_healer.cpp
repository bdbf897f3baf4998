// SPDX-License-Identifier: Apache-2.0
#include "devices/printer/queue_healer.hpp"

#include <algorithm>

#include "devices/printer/state_reasons.hpp"

namespace quay::printer {
namespace {

constexpr Milliseconds kFirstPause{5'000};
constexpr Milliseconds kLongestPause{300'000};

std::optional<PrinterFacts> ask_behind(const std::string& device_uri) {
  const auto endpoint = endpoint_of_uri(device_uri);
  if (!endpoint) {
    return std::nullopt;
  }
  const auto facts = PrinterLink(*endpoint).facts();
  return facts ? std::optional(*facts) : std::nullopt;
}

}  // namespace

Healing healing_of(const PrinterFacts& queue, const std::string& running_message,
                   const std::optional<PrinterFacts>& behind) {
  if (!queue.stopped) {
    return Healing::none;
  }
  if (!queue.state_message.empty() && queue.state_message != running_message) {
    return Healing::leave;
  }
  const bool blocked = behind && !what_stops(behind->reasons, behind->stopped).empty();
  return blocked ? Healing::wait : Healing::resume;
}

void QueueHealer::look(const PrinterLink& queue, const PrinterFacts& facts) {
  if (!facts.stopped) {
    pause_ = Milliseconds(0);
    next_ = {};
    running_message_ = facts.state_message;
    return;
  }
  if (SteadyClock::now() < next_) {
    return;
  }
  if (healing_of(facts, running_message_, ask_behind(facts.device_uri)) == Healing::resume) {
    resume(queue);
  }
}

void QueueHealer::resume(const PrinterLink& queue) {
  pause_ = std::clamp(2 * pause_, kFirstPause, kLongestPause);
  next_ = deadline_in(pause_);
  const Status resumed = queue.resume();
  if (resumed) {
    log_.info("the queue was stopped and goes on");
  } else {
    log_.warning("the queue is stopped and cannot be resumed: {}", describe(resumed.error()));
  }
}

}  // namespace quay::printer
