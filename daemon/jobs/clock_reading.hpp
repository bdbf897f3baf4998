// SPDX-License-Identifier: Apache-2.0
// The clocks that a visit's life is measured with, read from the kernel.
#pragma once

#include "daemon/core/visit_life.hpp"
#include "daemon/storage/records.hpp"

namespace quay::daemon::jobs {

/// CLOCK_BOOTTIME, CLOCK_REALTIME and this start of the machine (/proc/sys/kernel/random/boot_id).
core::ClockReading read_clocks();

storage::TimeStampRow to_row(const core::ClockReading& reading);
core::VisitLife life_of(const storage::VisitRow& row);

}  // namespace quay::daemon::jobs
