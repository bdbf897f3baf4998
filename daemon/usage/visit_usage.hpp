// SPDX-License-Identifier: Apache-2.0
// What a visit was, as numbers that say nothing of who came: pure, from the facts of its rows to what a report counts.
// The result names no visit, and a day's rows add up whatever the order of its visits.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/usage/local_day.hpp"
#include "protocol/client/usage.hpp"

namespace quay::daemon::usage {

struct PageFacts {
  std::string source;  ///< adf, adf_duplex, flatbed, automatic, camera, phone
  std::uint64_t raw_bytes = 0;
  bool thrown_away = false;  ///< set aside, or taken out of the document it was in
  std::string fault;         ///< code of what was wrong with it; empty: nothing that a machine saw
};

struct JobFacts {
  std::string kind;    ///< scan, capture, card, print
  std::string device;  ///< "phone" for a citizen's own
  std::string state;
  std::string code;  ///< of its error; empty: none
};

/// One step of the visit, as the event log has it.
struct Moment {
  enum class Step : std::uint8_t { job_begun, page_safe, page_made, job_over };
  Step step = Step::job_begun;
  std::string job;   ///< of page_made: empty
  std::string page;  ///< of page_safe, page_made
  std::int64_t at_ms = 0;
};

struct VisitFacts {
  std::int64_t opened_ms = 0;
  std::int64_t closed_ms = 0;
  std::string close_reason;
  bool delivered = false;
  std::vector<PageFacts> pages;
  std::vector<JobFacts> jobs;
  std::vector<Moment> moments;  ///< in their order; jobs that print are left out
  std::uint64_t bytes_out = 0;
};

/// Seconds of a visit, each instant in one of the three: a device was at work, else a page was being made, else people
/// were.
struct VisitSeconds {
  std::int64_t capture = 0;
  std::int64_t processing = 0;
  std::int64_t waiting = 0;
  bool operator==(const VisitSeconds&) const = default;
};

VisitSeconds seconds_of(const VisitFacts& facts);

/// done: the portal has it, or its front end closed it with something to show for it (a page that was kept, a card that
/// was read, a print). empty: closed with nothing. abandoned: it ended by itself.
std::string outcome_of(const VisitFacts& facts);

/// What is added to the day on which the visit ended. `opened` and `closed` in local time.
std::vector<protocol::UsageRow> rows_of(const VisitFacts& facts, const LocalTime& opened, const LocalTime& closed);

}  // namespace quay::daemon::usage
