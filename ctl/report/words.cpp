// SPDX-License-Identifier: Apache-2.0
#include "ctl/report/words.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "protocol/client/error_table.hpp"
#include "protocol/client/quality_table.hpp"

namespace quay::ctl::report {
namespace {

/// The sentences say what is wrong, a colon, and what to do.
std::string before_colon(std::string_view sentence) { return std::string(sentence.substr(0, sentence.find(':'))); }

std::string with_comma(double number) {
  std::string text = fmt::format("{:.1f}", number);
  std::replace(text.begin(), text.end(), '.', ',');
  return text;
}

}  // namespace

std::string source_name(const std::string& source) {
  static const std::map<std::string, std::string, std::less<>> kNames{{"adf", "Khay nạp giấy, một mặt"},
                                                                      {"adf_duplex", "Khay nạp giấy, hai mặt"},
                                                                      {"flatbed", "Mặt kính"},
                                                                      {"automatic", "Máy quét, tự chọn"},
                                                                      {"camera", "Máy chụp"},
                                                                      {"phone", "Điện thoại"}};
  const auto found = kNames.find(source);
  return found == kNames.end() ? source : found->second;
}

std::string cause_name(const std::string& code) {
  if (code == "unknown") {
    return "Không rõ nguyên nhân";
  }
  if (const auto error = protocol::errc_from_wire(code)) {
    return before_colon(protocol::error_row(*error).vi);
  }
  const auto rows = protocol::quality_table();
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& known) { return known.code == code; });
  return row == rows.end() ? code : before_colon(row->vi);
}

std::string minutes(std::int64_t seconds) { return with_comma(static_cast<double>(seconds) / 60); }

std::string bytes_text(std::int64_t bytes) {
  constexpr std::array kUnits{"B", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1000 && unit + 1 < kUnits.size(); ++unit) {
    value /= 1000;
  }
  return fmt::format("{} {}", unit == 0 ? std::to_string(bytes) : with_comma(value), kUnits.at(unit));
}

std::string period_name(const std::string& period) {
  if (period.size() == 4) {
    return "năm " + period;
  }
  if (period.size() != 7) {
    return period;
  }
  const std::string year = period.substr(0, 4);
  return period[5] == 'Q' ? fmt::format("quý {} năm {}", period.substr(6), year)
                          : fmt::format("tháng {} năm {}", period.substr(5), year);
}

std::string day_name(Day day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:02}/{:02}/{}", static_cast<unsigned>(date.day()), static_cast<unsigned>(date.month()),
                     static_cast<int>(date.year()));
}

}  // namespace quay::ctl::report
