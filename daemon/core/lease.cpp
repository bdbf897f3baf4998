// SPDX-License-Identifier: Apache-2.0
#include "daemon/core/lease.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace quay::daemon::core {
namespace {

using enum protocol::LeaseState;

constexpr std::array kTransitions{
    LeaseTransition{free, LeaseEvent::taken, held},       LeaseTransition{free, LeaseEvent::job_started, working},
    LeaseTransition{held, LeaseEvent::taken, held},       LeaseTransition{held, LeaseEvent::job_started, working},
    LeaseTransition{held, LeaseEvent::let_go, free},      LeaseTransition{held, LeaseEvent::passed, held},
    LeaseTransition{working, LeaseEvent::taken, working}, LeaseTransition{working, LeaseEvent::job_ended, held},
};

constexpr DeviceLease::Verdict kNo{DeviceLease::Answer::no, {}};

}  // namespace

std::span<const LeaseTransition> lease_transitions() { return kTransitions; }

std::optional<LeaseState> step(LeaseState state, LeaseEvent event) {
  const auto* found = std::find_if(kTransitions.begin(), kTransitions.end(), [&](const LeaseTransition& transition) {
    return transition.from == state && transition.event == event;
  });
  return found == kTransitions.end() ? std::nullopt : std::optional(found->to);
}

bool DeviceLease::is_free(Deadline now) const {
  return state_ == free || (state_ == held && !wanted_by_ && until_ <= now);
}

DeviceLease::Verdict DeviceLease::take(const LeaseHolder& who, Milliseconds span, Deadline now) {
  const bool renewal = held_by(who.visit);
  if (!renewal && !is_free(now)) {
    return kNo;
  }
  if (!renewal) {
    state_ = free;
    announced_ = false;
  }
  state_ = step(state_, LeaseEvent::taken).value_or(state_);
  holder_ = who;
  const Deadline wanted = now + std::min(span, kLongestLease);
  if (!renewal || !wanted_by_) {
    until_ = wanted;
  }
  const bool news = !std::exchange(announced_, true);
  return {Answer::yes, news ? LeaseChange::taken : LeaseChange::renewed};
}

DeviceLease::Verdict DeviceLease::release(const std::string& visit, Deadline now) {
  if (!held_by(visit)) {
    return holder_ ? kNo : Verdict{};
  }
  until_ = now;
  if (state_ == working) {
    return {};
  }
  return move_on(LeaseChange::released, now);
}

DeviceLease::Verdict DeviceLease::request(const LeaseHolder& who, Deadline now) {
  if (held_by(who.visit)) {
    return {};
  }
  if (is_free(now)) {
    return take(who, kHandOverTime, now);
  }
  if (wanted_by_ && wanted_by_->visit != who.visit) {
    return kNo;
  }
  const bool news = !wanted_by_;
  wanted_by_ = who;
  return {Answer::yes, news ? std::optional(LeaseChange::requested) : std::nullopt};
}

DeviceLease::Verdict DeviceLease::refuse(const std::string& visit) {
  if (!held_by(visit)) {
    return kNo;
  }
  if (!std::exchange(wanted_by_, std::nullopt)) {
    return {};
  }
  return {Answer::yes, LeaseChange::refused};
}

DeviceLease::Verdict DeviceLease::start_job(const LeaseHolder& who, Deadline now) {
  if (!held_by(who.visit) && !is_free(now)) {
    return kNo;
  }
  if (!held_by(who.visit)) {
    state_ = free;
    announced_ = false;
    until_ = now;
  }
  const std::optional<LeaseState> next = step(state_, LeaseEvent::job_started);
  if (!next) {
    return kNo;
  }
  state_ = *next;
  holder_ = who;
  return {};
}

DeviceLease::Verdict DeviceLease::end_job(Milliseconds grace, Deadline now) {
  const std::optional<LeaseState> next = step(state_, LeaseEvent::job_ended);
  if (!next) {
    return kNo;
  }
  state_ = *next;
  if (!wanted_by_) {
    until_ = std::max(until_, now + grace);
  }
  return until_ <= now ? move_on(LeaseChange::released, now) : Verdict{};
}

DeviceLease::Verdict DeviceLease::forget(const std::string& visit, Deadline now) {
  if (wanted_by_ && wanted_by_->visit == visit) {
    wanted_by_.reset();
  }
  return held_by(visit) ? release(visit, now) : Verdict{};
}

DeviceLease::Verdict DeviceLease::pass_time(Deadline now) {
  return state_ == held && until_ <= now ? move_on(LeaseChange::expired, now) : Verdict{};
}

/// A held device goes to the visit that waits, or becomes free.
DeviceLease::Verdict DeviceLease::move_on(LeaseChange change, Deadline now) {
  state_ = *step(state_, wanted_by_ ? LeaseEvent::passed : LeaseEvent::let_go);
  holder_ = std::exchange(wanted_by_, std::nullopt);
  if (holder_) {
    until_ = now + kHandOverTime;
    announced_ = true;
    return {Answer::yes, LeaseChange::handed_over};
  }
  const bool told = std::exchange(announced_, false);
  return {Answer::yes, told ? std::optional(change) : std::nullopt};
}

}  // namespace quay::daemon::core
