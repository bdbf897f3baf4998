// SPDX-License-Identifier: Apache-2.0
// One device, many front ends: which visit has the device to itself, for how long, and who asked for it. Pure: time and
// visits come in from outside, what front ends must hear of comes out as a LeaseChange. Every span is bounded.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "protocol/client/commands.hpp"

namespace quay::daemon::core {

using LeaseState = protocol::LeaseState;

enum class LeaseEvent : std::uint8_t {
  taken,        ///< somebody leased it
  job_started,  ///< a scan of the holder moves paper
  job_ended,
  let_go,  ///< released, run out, or its visit is over
  passed,  ///< the same, and another visit was waiting
};

struct LeaseTransition {
  LeaseState from;
  LeaseEvent event;
  LeaseState to;
};

std::span<const LeaseTransition> lease_transitions();

/// The state after `event`, or nothing when `event` has no meaning in `state`.
std::optional<LeaseState> step(LeaseState state, LeaseEvent event);

/// What front ends are told.
enum class LeaseChange : std::uint8_t { taken, renewed, released, expired, requested, refused, handed_over };
BOOST_DESCRIBE_ENUM(LeaseChange, taken, renewed, released, expired, requested, refused, handed_over)

inline constexpr Milliseconds kLongestLease{600'000};
/// What a visit that waited gets, to begin its work in.
inline constexpr Milliseconds kHandOverTime{30'000};

struct LeaseHolder {
  std::string visit;
  std::string name;  ///< account and program, for people
};

class DeviceLease {
 public:
  enum class Answer : std::uint8_t { yes, no };

  /// What became of a wish: whether it was granted, and what to tell everybody, if anything.
  struct Verdict {
    Answer answer = Answer::yes;
    std::optional<LeaseChange> change{};
  };

  /// Leases, or makes the lease of the same visit longer; not longer while another visit waits. `span` is cut to
  /// kLongestLease. No: another visit has the device.
  Verdict take(const LeaseHolder& who, Milliseconds span, Deadline now);

  /// Gives the device back, to the visit that waits, if any. During a job: as soon as that is over. No: another visit
  /// has it.
  Verdict release(const std::string& visit, Deadline now);

  /// Asks for a hand-over; a free device is had at once. No: a third visit waits already.
  Verdict request(const LeaseHolder& who, Deadline now);

  /// The holder says no to the visit that waits, if any. No: not the holder.
  Verdict refuse(const std::string& visit);

  /// No: another visit has the device, or a job runs already.
  Verdict start_job(const LeaseHolder& who, Deadline now);
  /// The holder keeps the device for `grace`, unless another visit waits.
  Verdict end_job(Milliseconds grace, Deadline now);

  /// The visit is over: it neither has nor wants the device.
  Verdict forget(const std::string& visit, Deadline now);

  /// To be called at or after until().
  Verdict pass_time(Deadline now);

  LeaseState state() const { return state_; }
  const std::optional<LeaseHolder>& holder() const { return holder_; }
  const std::optional<LeaseHolder>& wanted_by() const { return wanted_by_; }
  /// When a held device is free again; while a job runs: the lease behind it, which may be over.
  Deadline until() const { return until_; }

 private:
  bool is_free(Deadline now) const;
  bool held_by(const std::string& visit) const { return holder_ && holder_->visit == visit; }
  Verdict move_on(LeaseChange change, Deadline now);

  LeaseState state_ = LeaseState::free;
  std::optional<LeaseHolder> holder_;
  std::optional<LeaseHolder> wanted_by_;
  Deadline until_{};
  bool announced_ = false;  ///< front ends were told of this lease, so they are told of its end
};

}  // namespace quay::daemon::core
