// SPDX-License-Identifier: Apache-2.0
// The report as one Vietnamese page for people: HTML that prints on A4, complete in itself.
#pragma once

#include <string>

#include "ctl/report/period.hpp"
#include "ctl/report/summary.hpp"

namespace quay::ctl::report {

/// `made_on`: the day on which it is made.
std::string to_page(const Summary& summary, const Period& period, Day made_on);

}  // namespace quay::ctl::report
