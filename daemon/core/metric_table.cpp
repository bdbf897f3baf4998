// SPDX-License-Identifier: Apache-2.0
#include "daemon/core/metric_table.hpp"

#include <algorithm>

namespace quay::daemon::core {
namespace {

using enum MetricKind;

/// What a person at a counter waits for: a page, a job.
constexpr std::array kWaits{0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 60.0, 120.0};
/// What a program waits for: an answer.
constexpr std::array kAnswers{0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0};

constexpr std::array kTable{
    MetricRow{Metric::build_info, "quay_build_info", gauge, "Which quayd this is; always 1.", {"version"}},
    MetricRow{Metric::device_status,
              "quay_device_status",
              gauge,
              "1 for the status a device has now, 0 for the others.",
              {"device", "kind", "status"}},
    MetricRow{Metric::job_failures,
              "quay_job_failures_total",
              counter,
              "Jobs that failed or were interrupted, by device and error code.",
              {"device", "code"}},
    MetricRow{Metric::jobs, "quay_jobs_total", counter, "Jobs that are over.", {"kind", "state"}},
    MetricRow{Metric::jobs_running, "quay_jobs_running", gauge, "Jobs under way now.", {}},
    MetricRow{
        Metric::job_seconds, "quay_job_duration_seconds", histogram, "From taking a job to its end.", {"kind"}, kWaits},
    MetricRow{
        Metric::pages_captured, "quay_pages_captured_total", counter, "Raw pages that became durable.", {"source"}},
    MetricRow{Metric::pages_failed,
              "quay_pages_failed_total",
              counter,
              "Pages that could not be cleaned or compressed; their raw pages are kept.",
              {"code"}},
    MetricRow{Metric::pages_discarded, "quay_pages_discarded_total", counter, "Pages that were set aside.", {}},
    MetricRow{Metric::page_quality,
              "quay_page_quality_total",
              counter,
              "Pages with something against their picture, by what it is.",
              {"code"}},
    MetricRow{Metric::page_ready_seconds,
              "quay_page_ready_seconds",
              histogram,
              "From a durable raw page to the finished page.",
              {"source"},
              kWaits},
    MetricRow{
        Metric::pages_in_work, "quay_pages_in_work", gauge, "Pages that wait for an image worker or are in one.", {}},
    MetricRow{Metric::captured_bytes,
              "quay_captured_bytes_total",
              counter,
              "Bytes of raw pages as they came from devices.",
              {"source"}},
    MetricRow{Metric::published_bytes,
              "quay_published_bytes_total",
              counter,
              "Bytes made for front ends to fetch.",
              {"rendition"}},
    MetricRow{
        Metric::sheets_printed, "quay_sheets_printed_total", counter, "Sheets that printers counted.", {"device"}},
    MetricRow{Metric::visits_opened, "quay_visits_opened_total", counter, "Visits that were opened.", {}},
    MetricRow{Metric::visits_closed,
              "quay_visits_closed_total",
              counter,
              "Visits that were purged, by why they ended.",
              {"reason"}},
    MetricRow{Metric::visits_open, "quay_visits_open", gauge, "Visits that are open now.", {}},
    MetricRow{Metric::worker_exits,
              "quay_worker_exits_total",
              counter,
              "Worker processes that ended unasked and were started again: how is exit, signal, deadline or stuck.",
              {"program", "how"}},
    MetricRow{Metric::commands,
              "quay_commands_total",
              counter,
              "Commands that were answered, by error code or ok.",
              {"command", "code"}},
    MetricRow{Metric::command_seconds,
              "quay_command_duration_seconds",
              histogram,
              "From a command to its first answer.",
              {},
              kAnswers},
    MetricRow{Metric::events, "quay_events_total", counter, "Events that were kept and published.", {"topic"}},
    MetricRow{
        Metric::event_subscriptions, "quay_event_subscriptions", gauge, "Subscriptions on the events socket.", {}},
    MetricRow{Metric::spool_bytes, "quay_spool_bytes", gauge, "What sealed pages and documents take on the disk.", {}},
    MetricRow{Metric::spool_objects, "quay_spool_objects", gauge, "Sealed pages and documents on the disk.", {}},
    MetricRow{Metric::spool_free_bytes,
              "quay_spool_free_bytes",
              gauge,
              "Free on the spool's disk above what daemon.keep_free_mib reserves; 0: a scan is refused.",
              {}},
    MetricRow{Metric::process_cpu_seconds,
              "quay_process_cpu_seconds_total",
              counter,
              "CPU time of quayd, without its workers.",
              {}},
    MetricRow{Metric::process_resident_bytes,
              "quay_process_resident_memory_bytes",
              gauge,
              "Resident memory of quayd, without its workers.",
              {}},
    MetricRow{Metric::process_start_time,
              "quay_process_start_time_seconds",
              gauge,
              "When quayd was started, since 1970 in UTC.",
              {}},
    MetricRow{Metric::process_open_fds, "quay_process_open_fds", gauge, "Open descriptors of quayd.", {}},
    MetricRow{Metric::process_max_fds, "quay_process_max_fds", gauge, "Descriptors quayd may open.", {}},
};

static_assert(kTable.size() == static_cast<std::size_t>(Metric::count_));
static_assert(std::is_sorted(kTable.begin(), kTable.end(),
                             [](const MetricRow& a, const MetricRow& b) { return a.metric < b.metric; }));

}  // namespace

std::span<const MetricRow> metric_table() { return kTable; }

const MetricRow& metric_row(Metric metric) { return kTable.at(static_cast<std::size_t>(metric)); }

}  // namespace quay::daemon::core
