// SPDX-License-Identifier: Apache-2.0
// What quayd tells of itself and its counter in numbers: the gauges that only the whole daemon knows, the file for a
// collector, and the change of the day.
#include "daemon/daemon.hpp"
#include "daemon/jobs/usage.hpp"
#include "daemon/service/process_facts.hpp"
#include "daemon/usage/local_day.hpp"

namespace quay::daemon {

using core::Metric;
using loop::Awaitable;

namespace {

void measure_devices(core::Meter& meter, const std::vector<protocol::Device>& devices) {
  meter.clear(Metric::device_status);
  for (const protocol::Device& device : devices) {
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<protocol::DeviceStatus>>([&](auto status) {
      if (status.value != protocol::DeviceStatus::other) {
        meter.set(Metric::device_status, {device.id, protocol::enum_name(device.kind), status.name},
                  device.status == status.value ? 1 : 0);
      }
    });
  }
}

void measure_process(core::Meter& meter) {
  const service::DescriptorUse descriptors = service::descriptor_use();
  meter.set(Metric::process_open_fds, {}, static_cast<double>(descriptors.open));
  meter.set(Metric::process_max_fds, {}, static_cast<double>(descriptors.limit));
  if (const auto facts = service::process_facts()) {
    meter.set_total(Metric::process_cpu_seconds, facts->cpu_seconds);
    meter.set(Metric::process_resident_bytes, {}, static_cast<double>(facts->resident_bytes));
    meter.set(Metric::process_start_time, {}, facts->start_time_seconds);
  }
}

}  // namespace

void Daemon::measure(core::Meter& meter) const {
  meter.set(Metric::build_info, {QUAY_VERSION}, 1);
  meter.set(Metric::jobs_running, {}, static_cast<double>(capture_jobs_.running().size() + prints_.running()));
  meter.set(Metric::pages_in_work, {}, static_cast<double>(images_.pending()));
  meter.set(Metric::visits_open, {}, static_cast<double>(visits_.open()));
  meter.set(Metric::event_subscriptions, {}, static_cast<double>(events_.subscriptions()));
  measure_devices(meter, devices_.snapshot());
  measure_process(meter);
}

/// One that failed is told of once, and tried again as long as quayd runs.
Awaitable<void> Daemon::write_metrics() {
  const std::filesystem::path file = config_.metrics.textfile;
  const Status written = co_await metrics_.write(file);
  if (!written && !std::exchange(metrics_unwritten_, true)) {
    log_.error("metrics: {}", describe(written.error()));
  } else if (written && std::exchange(metrics_unwritten_, false)) {
    log_.info("metrics: {} is written again", file.string());
  }
  writing_metrics_ = false;
}

void Daemon::publish_metrics() {
  if (config_.metrics.textfile.empty() || writing_metrics_ || SteadyClock::now() < next_metrics_) {
    return;
  }
  writing_metrics_ = true;
  next_metrics_ = deadline_in(std::chrono::seconds(config_.metrics.every_s));
  tasks_.spawn("metrics", write_metrics());
}

/// Numbers of a daemon that is gone would look like those of one that does nothing.
void Daemon::withdraw_metrics(const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
}

/// At midnight, and at each start, what a day was counted by goes.
void Daemon::watch_day() {
  if (std::string today = usage::local_time_now().day; today != day_) {
    day_ = std::move(today);
    tasks_.spawn("past days", jobs::close_past_days(ledger_, log_));
  }
}

}  // namespace quay::daemon
