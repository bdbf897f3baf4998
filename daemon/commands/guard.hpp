// SPDX-License-Identifier: Apache-2.0
// How much one peer may ask: commands in the long run and at once, and commands under way, counted for its connection
// and for its account, so that many connections give no more. Bounded itself: who has been quiet is forgotten.
#pragma once

#include <map>
#include <string>

#include "daemon/commands/request.hpp"
#include "daemon/core/token_bucket.hpp"

namespace quay::daemon::commands {

struct GuardLimits {
  core::Rate connection{200, 400};
  core::Rate account{800, 1600};
  std::size_t connection_in_flight = 32;
  std::size_t account_in_flight = 128;
  std::size_t all_in_flight = 256;
  std::size_t fetches_in_flight = 4;  ///< images.fetch of one connection: chunks of 1 MiB
};

class Guard {
 public:
  explicit Guard(const GuardLimits& limits) : limits_(limits) {}

  /// Counts a command in. Errors: request_too_many, with when to ask again; then it is not counted.
  Status enter(const Request& request, Deadline now);
  void leave(const Request& request);

  /// Holds at once for everybody who has nothing under way.
  void set_limits(const GuardLimits& limits);
  const GuardLimits& limits() const { return limits_; }
  std::size_t remembered() const { return peers_.size(); }

 private:
  struct Entry {
    core::TokenBucket bucket;
    std::size_t in_flight = 0;
    std::size_t fetches = 0;  ///< among them
  };
  Entry& entry(const std::string& key, core::Rate rate, Deadline now);
  void forget_the_quiet(Deadline now);

  GuardLimits limits_;
  std::map<std::string, Entry> peers_;
  std::size_t in_flight_ = 0;
};

}  // namespace quay::daemon::commands
