// SPDX-License-Identifier: Apache-2.0
// Every metric of quayd in one table: its name, kind, help and labels. docs/metrics.md, the alert rules and the
// dashboard are held against it by a lint. Labels have few values by nature: configured devices, codes, states,
// commands. None is ever of a visit or a citizen.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace quay::daemon::core {

enum class Metric : std::uint8_t {
  build_info,
  device_status,
  job_failures,
  jobs,
  jobs_running,
  job_seconds,
  pages_captured,
  pages_failed,
  pages_discarded,
  page_quality,
  page_ready_seconds,
  pages_in_work,
  captured_bytes,
  published_bytes,
  sheets_printed,
  visits_opened,
  visits_closed,
  visits_open,
  worker_exits,
  commands,
  command_seconds,
  events,
  event_subscriptions,
  spool_bytes,
  spool_objects,
  spool_free_bytes,
  process_cpu_seconds,
  process_resident_bytes,
  process_start_time,
  process_open_fds,
  process_max_fds,
  count_
};

enum class MetricKind : std::uint8_t { counter, gauge, histogram };

struct MetricRow {
  Metric metric;
  std::string_view name;  ///< by Prometheus' conventions: base units, counters end in _total
  MetricKind kind;
  std::string_view help;
  std::array<std::string_view, 3> labels{};  ///< names; an empty one ends them
  std::span<const double> bounds{};          ///< of a histogram: upper bounds of its buckets, rising, without +Inf
};

/// All rows, in the order of Metric.
std::span<const MetricRow> metric_table();

const MetricRow& metric_row(Metric metric);

}  // namespace quay::daemon::core
