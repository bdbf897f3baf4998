// SPDX-License-Identifier: Apache-2.0
// What `quayctl top` shows, as lines: devices with what is wrong and what to do, what runs and waits, and how fast
// pages come. A value from values; drawing it is terminal.hpp's business.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "ctl/language.hpp"
#include "protocol/client/commands.hpp"

namespace quay::ctl {

/// Pages that became safe, over the last minute.
class PageRate {
 public:
  /// What the jobs say at `now`: pages of a job count from when it is first seen.
  void note(const std::vector<protocol::Job>& jobs, Deadline now);

  std::int64_t last_minute() const { return pages_; }

 private:
  struct Gain {
    Deadline at;
    std::int64_t pages;
  };
  std::map<std::string, std::int32_t> seen_;
  std::deque<Gain> gains_;
  std::int64_t pages_ = 0;
};

struct Counter {
  protocol::StateResult state;
  std::string version;         ///< of quayd
  std::int64_t page_rate = 0;  ///< pages a minute
  std::string time;            ///< of day, as it is shown
  std::string fault;           ///< why the state is old, as a sentence; empty: it is new
};

/// At most `rows` lines of at most `columns` characters each. What does not fit ends in "...".
std::vector<std::string> screen_lines(Language language, const Counter& counter, std::size_t columns, std::size_t rows);

}  // namespace quay::ctl
