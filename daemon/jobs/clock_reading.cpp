// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/clock_reading.hpp"

#include <ctime>
#include <fstream>

namespace quay::daemon::jobs {
namespace {

core::Span read(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return std::chrono::duration_cast<core::Span>(std::chrono::seconds(now.tv_sec) +
                                                std::chrono::nanoseconds(now.tv_nsec));
}

}  // namespace

core::ClockReading read_clocks() {
  core::ClockReading reading;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> reading.boot_id;
  reading.boot = read(CLOCK_BOOTTIME);
  reading.wall = read(CLOCK_REALTIME);
  return reading;
}

storage::TimeStampRow to_row(const core::ClockReading& reading) {
  return storage::TimeStampRow{reading.boot_id, reading.boot.count(), reading.wall.count()};
}

core::VisitLife life_of(const storage::VisitRow& row) {
  core::VisitLife life;
  life.touched =
      core::ClockReading{row.touched.boot_id, core::Span(row.touched.boot_ms), core::Span(row.touched.wall_ms)};
  life.age = core::Span(row.age_ms);
  return life;
}

}  // namespace quay::daemon::jobs
