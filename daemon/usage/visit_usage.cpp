// SPDX-License-Identifier: Apache-2.0
#include "daemon/usage/visit_usage.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace quay::daemon::usage {

namespace measure = protocol::measure;

namespace {

constexpr std::int64_t kSecond = 1000;
constexpr const char* kDone = "done";

/// [from, to) in milliseconds.
using Span = std::pair<std::int64_t, std::int64_t>;

/// How long at least one of them lasted.
std::int64_t covered(std::vector<Span> spans) {
  std::sort(spans.begin(), spans.end());
  std::int64_t total = 0;
  std::int64_t reached = 0;
  for (const auto& [from, to] : spans) {
    const std::int64_t begin = std::max(from, reached);
    total += std::max<std::int64_t>(to - begin, 0);
    reached = std::max(reached, to);
  }
  return total;
}

/// Spans in which a device was at work and in which pages were made, within the visit. A job that brought pages is
/// through with its device at the last of them; it is over first when that is made.
struct Spans {
  std::vector<Span> capture;
  std::vector<Span> processing;
};

Spans spans_of(const VisitFacts& facts) {
  struct Job {
    std::int64_t begun = 0;
    std::int64_t last_page = -1;
  };
  std::map<std::string, Job> jobs;
  std::map<std::string, std::int64_t> pages;
  Spans spans;
  const auto clamp = [&](std::int64_t at) {
    return std::clamp(at, facts.opened_ms, std::max(facts.opened_ms, facts.closed_ms));
  };
  const auto end_job = [&](const Job& job, std::int64_t end) {
    spans.capture.emplace_back(job.begun, job.last_page >= 0 ? job.last_page : end);
  };
  for (const Moment& moment : facts.moments) {
    const std::int64_t at = clamp(moment.at_ms);
    if (moment.step == Moment::Step::job_begun) {
      jobs.insert_or_assign(moment.job, Job{at});
    } else if (moment.step == Moment::Step::page_safe) {
      pages.insert_or_assign(moment.page, at);
      if (const auto job = jobs.find(moment.job); job != jobs.end()) {
        job->second.last_page = at;
      }
    } else if (moment.step == Moment::Step::page_made) {
      if (const auto page = pages.extract(moment.page)) {
        spans.processing.emplace_back(page.mapped(), at);
      }
    } else if (const auto job = jobs.extract(moment.job)) {
      end_job(job.mapped(), at);
    }
  }
  for (const auto& [id, job] : jobs) {  // cut off by the visit's end
    end_job(job, clamp(facts.closed_ms));
  }
  return spans;
}

class Tally {
 public:
  explicit Tally(std::string day) : day_(std::move(day)) {}

  void add(const char* name, const std::string& label, std::int64_t value) {
    if (value != 0) {
      sums_[{name, label}] += value;
    }
  }
  /// Also when it is nought.
  void put(const char* name, std::int64_t value) { sums_[{name, ""}] = value; }

  std::vector<protocol::UsageRow> rows() const {
    std::vector<protocol::UsageRow> rows;
    rows.reserve(sums_.size());
    for (const auto& [key, value] : sums_) {
      rows.push_back({{}, day_, key.first, key.second, value});
    }
    return rows;
  }

 private:
  std::string day_;
  std::map<std::pair<std::string, std::string>, std::int64_t> sums_;
};

void count_pages(Tally& tally, const VisitFacts& facts) {
  for (const PageFacts& page : facts.pages) {
    tally.add(measure::kPages, page.source, 1);
    tally.add(measure::kBytesIn, "", static_cast<std::int64_t>(page.raw_bytes));
    if (page.thrown_away) {
      tally.add(measure::kRescans, page.fault.empty() ? "unknown" : page.fault, 1);
    }
  }
  tally.add(measure::kBytesOut, "", static_cast<std::int64_t>(facts.bytes_out));
}

void count_jobs(Tally& tally, const VisitFacts& facts) {
  for (const JobFacts& job : facts.jobs) {
    if (job.state == "failed" || job.state == "interrupted") {
      tally.add(measure::kFailures, fmt::format("{}/{}", job.device, job.code.empty() ? "unknown" : job.code), 1);
    }
    if (job.kind == "print") {
      tally.add(measure::kPrints, job.state, 1);
    }
  }
}

}  // namespace

VisitSeconds seconds_of(const VisitFacts& facts) {
  const Spans spans = spans_of(facts);
  std::vector<Span> both = spans.capture;
  both.insert(both.end(), spans.processing.begin(), spans.processing.end());
  const std::int64_t capture = covered(spans.capture);
  const std::int64_t busy = covered(std::move(both));
  const std::int64_t all = std::max<std::int64_t>(facts.closed_ms - facts.opened_ms, 0);
  // Rounded at the bounds between them, so that the three add up to the whole.
  const auto seconds = [](std::int64_t ms) { return (ms + kSecond / 2) / kSecond; };
  return {seconds(capture), seconds(busy) - seconds(capture), seconds(all) - seconds(busy)};
}

std::string outcome_of(const VisitFacts& facts) {
  const bool kept_page =
      std::any_of(facts.pages.begin(), facts.pages.end(), [](const PageFacts& page) { return !page.thrown_away; });
  const bool did_more = std::any_of(facts.jobs.begin(), facts.jobs.end(), [](const JobFacts& job) {
    return job.state == "done" && (job.kind == "card" || job.kind == "print");
  });
  const bool by_front_end = facts.close_reason == "closed" || facts.close_reason == "delivered";
  if (facts.delivered || (by_front_end && (kept_page || did_more))) {
    return kDone;
  }
  return by_front_end ? "empty" : "abandoned";
}

std::vector<protocol::UsageRow> rows_of(const VisitFacts& facts, const LocalTime& opened, const LocalTime& closed) {
  Tally tally(closed.day);
  const VisitSeconds seconds = seconds_of(facts);
  const std::string outcome = outcome_of(facts);
  tally.add(measure::kVisits, outcome, 1);
  if (outcome == kDone) {  // a visit that nobody ended lasts until a limit ends it, which says nothing of the work
    tally.add(measure::kVisitSeconds, fmt::format("{}/{}/{}", seconds.capture, seconds.processing, seconds.waiting), 1);
  }
  count_pages(tally, facts);
  count_jobs(tally, facts);
  tally.put(measure::kFirstMinute, opened.day == closed.day ? opened.minute : 0);
  tally.put(measure::kLastMinute, closed.minute);
  return tally.rows();
}

}  // namespace quay::daemon::usage
