// SPDX-License-Identifier: Apache-2.0
#include "ctl/report/summary.hpp"

#include <array>
#include <charconv>
#include <numeric>
#include <optional>

namespace quay::ctl::report {

namespace measure = protocol::measure;

namespace {

/// "capture/processing/waiting" in seconds; nothing when it is not that.
std::optional<std::array<std::int64_t, 3>> parts_of(const std::string& label) {
  std::array<std::int64_t, 3> parts{};
  const char* at = label.data();
  const char* const end = at + label.size();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto [next, error] = std::from_chars(at, end, parts.at(i));
    const bool last = i + 1 == parts.size();
    if (error != std::errc{} || (last ? next != end : next == end || *next != '/')) {
      return std::nullopt;
    }
    at = last ? next : next + 1;
  }
  return parts;
}

/// Gathers rows into figures. Minutes are of one point and day each, so they wait for their partner here.
class Gatherer {
 public:
  void take(const Row& row) {
    const protocol::UsageRow& usage = row.usage;
    if (usage.measure == measure::kVisitSeconds) {
      take_seconds(usage);
    } else if (usage.measure == measure::kFirstMinute) {
      first_minutes_[row.point + " " + usage.day] = usage.value;
    } else if (usage.measure == measure::kLastMinute) {
      last_minutes_[row.point + " " + usage.day] = usage.value;
    } else {
      take_count(usage);
    }
  }

  Figures finish() {
    for (const auto& [day, first] : first_minutes_) {
      const auto last = last_minutes_.find(day);
      figures_.open_minutes += last == last_minutes_.end() ? 0 : std::max<std::int64_t>(last->second - first, 0);
    }
    figures_.open_days = static_cast<std::int64_t>(first_minutes_.size());
    figures_.timing = {spread_of(whole_), spread_of(parts_[0]), spread_of(parts_[1]), spread_of(parts_[2])};
    return std::move(figures_);
  }

 private:
  void take_seconds(const protocol::UsageRow& usage) {
    const auto parts = parts_of(usage.label);
    if (!parts) {
      return;
    }
    for (std::size_t i = 0; i < parts->size(); ++i) {
      parts_.at(i)[parts->at(i)] += usage.value;
    }
    whole_[std::accumulate(parts->begin(), parts->end(), std::int64_t{0})] += usage.value;
  }

  void take_count(const protocol::UsageRow& usage) {
    const std::map<std::string, std::map<std::string, std::int64_t>*> by_label{
        {measure::kVisits, &figures_.visits},   {measure::kPages, &figures_.pages},
        {measure::kRescans, &figures_.rescans}, {measure::kFailures, &figures_.failures},
        {measure::kPrints, &figures_.prints},
    };
    const std::map<std::string, std::int64_t*> sums{{measure::kCitizens, &figures_.citizens},
                                                    {measure::kBytesIn, &figures_.bytes_in},
                                                    {measure::kBytesOut, &figures_.bytes_out},
                                                    {measure::kUncounted, &figures_.uncounted}};
    if (const auto found = by_label.find(usage.measure); found != by_label.end()) {
      (*found->second)[usage.label] += usage.value;
    } else if (const auto sum = sums.find(usage.measure); sum != sums.end()) {
      *sum->second += usage.value;
    }
  }

  Figures figures_;
  Durations whole_;
  std::array<Durations, 3> parts_;
  std::map<std::string, std::int64_t> first_minutes_;
  std::map<std::string, std::int64_t> last_minutes_;
};

std::map<std::string, Figures> finished(std::map<std::string, Gatherer>& gatherers) {
  std::map<std::string, Figures> all;
  for (auto& [name, gatherer] : gatherers) {
    all.emplace(name, gatherer.finish());
  }
  return all;
}

}  // namespace

Spread spread_of(const Durations& durations) {
  std::int64_t count = 0;
  for (const auto& [seconds, visits] : durations) {
    count += visits;
  }
  const auto at_rank = [&](std::int64_t rank) {
    std::int64_t passed = 0;
    for (const auto& [seconds, visits] : durations) {
      passed += visits;
      if (passed >= rank) {
        return seconds;
      }
    }
    return std::int64_t{0};
  };
  return {at_rank((count + 1) / 2), at_rank((9 * count + 9) / 10)};
}

std::int64_t total(const std::map<std::string, std::int64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0},
                         [](std::int64_t sum, const auto& entry) { return sum + entry.second; });
}

std::int64_t Figures::all_visits() const { return total(visits); }
std::int64_t Figures::all_pages() const { return total(pages); }

Summary summarise(const std::vector<Row>& rows) {
  Gatherer whole;
  std::map<std::string, Gatherer> points;
  std::map<std::string, Gatherer> days;
  for (const Row& row : rows) {
    whole.take(row);
    points[row.point].take(row);
    days[row.usage.day].take(row);
  }
  return {whole.finish(), finished(points), finished(days)};
}

}  // namespace quay::ctl::report
