// SPDX-License-Identifier: Apache-2.0
// What codes of a report are called in Vietnamese, and how it writes numbers, times and days.
#pragma once

#include <cstdint>
#include <string>

#include "base/day.hpp"

namespace quay::ctl::report {

/// "Khay nạp giấy, một mặt" for adf; what is not known stays as it is.
std::string source_name(const std::string& source);

/// "Kẹt giấy" for paper.jam, "Ảnh bị mờ" for blur: what is wrong, without what to do about it.
std::string cause_name(const std::string& code);

/// Minutes with one decimal, "2,5".
std::string minutes(std::int64_t seconds);

/// "1,5 GB", in powers of ten.
std::string bytes_text(std::int64_t bytes);

/// "quý 4 năm 2026" for 2026-Q4; what is no year, quarter or month stays as it is.
std::string period_name(const std::string& period);

/// "26/11/2026".
std::string day_name(Day day);

}  // namespace quay::ctl::report
