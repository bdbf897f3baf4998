// SPDX-License-Identifier: Apache-2.0
#include "ctl/report/chart.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/format.h>

namespace quay::ctl::report {
namespace {

// In units of the view box; the page gives it its width.
constexpr double kWidth = 720;
constexpr double kPlotHeight = 170;
constexpr double kTop = 18;
constexpr double kLegend = 24;
constexpr double kWidestColumn = 56;
constexpr double kBarHeight = 22;
constexpr double kBarLabel = 250;
constexpr double kBarText = 90;

/// What fills the first, second and third series.
constexpr std::array<const char*, 3> kFills{"#1f4e79", "url(#hatched)", "#ffffff"};

constexpr const char* kPatterns =
    R"svg(<defs><pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">)svg"
    R"(<rect width="6" height="6" fill="white"/><rect width="2.4" height="6" fill="#1f4e79"/></pattern></defs>)";

std::string svg(double height, const std::string& content) {
  return fmt::format(R"(<svg viewBox="0 0 {:g} {:g}" role="img" xmlns="http://www.w3.org/2000/svg">{}{}</svg>)", kWidth,
                     height, kPatterns, content);
}

std::string rectangle(double x, double y, double width, double height, std::size_t series) {
  return fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}" stroke="#1f4e79"/>)", x, y,
                     width, height, kFills.at(std::min(series, kFills.size() - 1)));
}

std::string text_at(double x, double y, const char* anchor, const std::string& text) {
  return fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)", x, y, anchor, escaped(text));
}

std::string legend(const std::vector<std::string>& series, double y) {
  std::string content;
  double x = 0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    content += rectangle(x, y - 10, 12, 12, i) + text_at(x + 18, y, "start", series[i]);
    x += 200;
  }
  return content;
}

}  // namespace

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      default: result += c;
    }
  }
  return result;
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = digits.front() == '-' ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, ".");
  }
  return digits;
}

std::string column_chart(const std::vector<std::string>& series, const std::vector<Column>& columns) {
  if (columns.empty()) {
    return {};
  }
  const auto sum = [](const Column& column) {
    return std::accumulate(column.values.begin(), column.values.end(), std::int64_t{0});
  };
  std::int64_t largest = 1;
  for (const Column& column : columns) {
    largest = std::max(largest, sum(column));
  }
  const double room = kWidth / static_cast<double>(columns.size());
  const double width = std::min(0.75 * room, kWidestColumn);
  const double floor = kTop + kPlotHeight;
  std::string content = fmt::format(R"(<line x1="0" y1="{0:g}" x2="{1:g}" y2="{0:g}" stroke="#000"/>)", floor, kWidth);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const double x = room * static_cast<double>(i) + (room - width) / 2;
    double y = floor;
    for (std::size_t part = 0; part < columns[i].values.size(); ++part) {
      const double height = kPlotHeight * static_cast<double>(columns[i].values[part]) / static_cast<double>(largest);
      y -= height;
      content += height > 0 ? rectangle(x, y, width, height, part) : "";
    }
    content += sum(columns[i]) > 0 ? text_at(x + width / 2, y - 4, "middle", grouped(sum(columns[i]))) : "";
    content += text_at(x + width / 2, floor + 15, "middle", columns[i].label);
  }
  return svg(floor + 20 + kLegend, content + legend(series, floor + 20 + kLegend - 6));
}

std::string bar_chart(const std::vector<Bar>& bars) {
  std::int64_t largest = 1;
  for (const Bar& bar : bars) {
    largest = std::max(largest, bar.value);
  }
  std::string content;
  double y = 0;
  for (const Bar& bar : bars) {
    const double width =
        (kWidth - kBarLabel - kBarText) * static_cast<double>(bar.value) / static_cast<double>(largest);
    content += text_at(kBarLabel - 8, y + 15, "end", bar.label) +
               rectangle(kBarLabel, y + 3, width, kBarHeight - 6, 0) +
               text_at(kBarLabel + width + 6, y + 15, "start", bar.text);
    y += kBarHeight;
  }
  return bars.empty() ? std::string() : svg(y, content);
}

}  // namespace quay::ctl::report
