// SPDX-License-Identifier: Apache-2.0
// The numbers behind the metrics, and their text (Prometheus exposition format 0.0.4). Pure: asks no clock and no
// system; whoever feeds it says what happened. A family holds at most kMostSeries series, whatever it is fed.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/core/metric_table.hpp"

namespace quay::daemon::core {

inline constexpr std::string_view kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";
/// What comes beyond has "other" for every label.
inline constexpr std::size_t kMostSeries = 300;

class Meter {
 public:
  /// One value for each label of the metric, in the table's order. A wrong count is a bug and throws.
  using Labels = std::vector<std::string>;

  Meter();

  void add(Metric counter, const Labels& labels = {}, double by = 1);
  void set(Metric gauge, const Labels& labels, double value);
  /// A counter without labels that somebody else counts.
  void set_total(Metric counter, double total) { series(counter, MetricKind::counter, {}).value = total; }
  /// Forgets every series of a family: before a gauge is set anew for what there is now.
  void clear(Metric gauge);
  void observe(Metric histogram, const Labels& labels, double value);

  /// Families in the order of the table, series in that of their labels; a family without series is left out.
  std::string text() const;

 private:
  struct Series {
    double value = 0;                    ///< of a histogram: the sum
    std::vector<std::uint64_t> buckets;  ///< of a histogram: how many in each, the last without bound
  };
  using Family = std::map<Labels, Series>;

  Series& series(Metric metric, MetricKind kind, const Labels& labels);

  std::array<Family, static_cast<std::size_t>(Metric::count_)> families_;
};

}  // namespace quay::daemon::core
