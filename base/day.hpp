// SPDX-License-Identifier: Apache-2.0
// Calendar days as text, "2026-11-26" (ISO 8601): what the daemon counts by and reports ask for.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace quay {

using Day = std::chrono::sys_days;

/// Nothing when `text` is not four digits, two and two of a day that there is.
std::optional<Day> parse_day(std::string_view text);

std::string day_text(Day day);

}  // namespace quay
