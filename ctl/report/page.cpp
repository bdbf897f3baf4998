// SPDX-License-Identifier: Apache-2.0
#include "ctl/report/page.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ctl/report/chart.hpp"
#include "ctl/report/words.hpp"

namespace quay::ctl::report {
namespace {

constexpr std::size_t kMostCauses = 12;
constexpr std::chrono::days kAsDays{31};
constexpr std::chrono::days kAsWeeks{126};

constexpr std::string_view kStyle =
    "@page{size:A4;margin:14mm}"
    "body{font:10.5pt/1.4 'Noto Sans','Liberation Sans',Arial,sans-serif;color:#000;max-width:182mm;margin:0 auto}"
    "h1{font-size:17pt;margin:0 0 1mm}h2{font-size:12pt;margin:6mm 0 2mm;border-bottom:.3mm solid #000}"
    "section{break-inside:avoid}p{margin:0 0 2mm}table{border-collapse:collapse;width:100%}"
    "th,td{border:.2mm solid #666;padding:.8mm 2mm;text-align:right}th:first-child,td:first-child{text-align:left}"
    "th{background:#eee}svg{width:100%;height:auto;display:block}svg text{font-size:11px;fill:#000}"
    ".words td:nth-child(2),.words th:nth-child(2){text-align:left}"
    ".tiles{display:grid;grid-template-columns:repeat(3,1fr);gap:2mm}.tiles div{border:.3mm solid #000;padding:1.5mm "
    "2mm}"
    ".tiles b{display:block;font-size:15pt}.note{font-size:8.5pt}";

std::int64_t count_of(const Figures& figures, const char* outcome) {
  const auto found = figures.visits.find(outcome);
  return found == figures.visits.end() ? 0 : found->second;
}

std::string tile(const std::string& value, const char* what) {
  return fmt::format("<div><b>{}</b>{}</div>", value, what);
}

std::string section(const char* heading, const std::string& content) {
  return fmt::format("<section><h2>{}</h2>{}</section>\n", heading, content);
}

std::string tiles(const Summary& summary) {
  const Figures& whole = summary.whole;
  return "<div class=\"tiles\">" + tile(grouped(whole.all_visits()), "lượt phục vụ") +
         tile(grouped(count_of(whole, "done")), "hồ sơ hoàn thành") +
         tile(grouped(whole.citizens), "công dân (khác nhau trong ngày)") +
         tile(grouped(whole.all_pages()), "trang đã số hóa") +
         tile(minutes(whole.timing.whole.median), "phút mỗi hồ sơ (trung vị)") +
         tile(grouped(whole.open_minutes / 60), "giờ mở quầy") + "</div>";
}

std::string table(std::initializer_list<const char*> headings, const std::vector<std::vector<std::string>>& rows) {
  std::string text = "<table><tr>";
  for (const char* heading : headings) {
    text += fmt::format("<th>{}</th>", heading);
  }
  text += "</tr>";
  for (const auto& row : rows) {
    text += "<tr>";
    for (const std::string& cell : row) {
      text += fmt::format("<td>{}</td>", escaped(cell));
    }
    text += "</tr>";
  }
  return text + "</table>";
}

/// The period in columns that one can count: days, then weeks, then months.
struct Bucket {
  std::string label;
  Day end;  ///< last day in it
};

Bucket bucket_of(Day day, const Period& period) {
  const std::chrono::days length = period.to - period.from;
  const std::chrono::year_month_day date(day);
  const auto month = static_cast<unsigned>(date.month());
  if (length < kAsDays) {
    const auto number = static_cast<unsigned>(date.day());
    const bool says_month = day == period.from || number == 1;
    return {says_month ? fmt::format("{}/{}", number, month) : std::to_string(number), day};
  }
  if (length < kAsWeeks) {
    const Day sunday = day + (std::chrono::Sunday - std::chrono::weekday(day));
    return {fmt::format("{}/{}", static_cast<unsigned>(date.day()), month), std::min(sunday, period.to)};
  }
  const Day last{date.year() / date.month() / std::chrono::last};
  return {fmt::format("{:02}/{}", month, static_cast<int>(date.year())), std::min(last, period.to)};
}

std::vector<Column> columns_of(const Summary& summary, const Period& period) {
  std::vector<Column> columns;
  for (Day day = period.from; day <= period.to;) {
    const Bucket bucket = bucket_of(day, period);
    Column column{bucket.label, {0, 0, 0}};
    for (; day <= bucket.end; day += std::chrono::days(1)) {
      if (const auto found = summary.days.find(day_text(day)); found != summary.days.end()) {
        column.values[0] += count_of(found->second, "done");
        column.values[1] += count_of(found->second, "abandoned");
        column.values[2] += count_of(found->second, "empty");
      }
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

/// What one column is.
const char* column_of(const Period& period) {
  const std::chrono::days length = period.to - period.from;
  if (length < kAsDays) {
    return "một ngày";
  }
  return length < kAsWeeks ? "một tuần, từ ngày ghi ở dưới" : "một tháng";
}

std::string visits(const Summary& summary, const Period& period) {
  const auto columns = columns_of(summary, period);
  return "<p>Hoàn thành: cổng dịch vụ đã nhận, hoặc quầy đóng khi đã có trang, thẻ hay bản in. Bỏ dở: tự kết thúc vì "
         "không ai dùng nữa.</p>" +
         column_chart({"Hoàn thành", "Bỏ dở", "Không có gì"}, columns) +
         fmt::format("<p class=\"note\">Mỗi cột: {}.</p>", column_of(period));
}

std::string timing(const Timing& timing) {
  const auto row = [](const char* name, const Spread& spread) {
    return std::vector<std::string>{name, minutes(spread.median), minutes(spread.p90)};
  };
  return table({"Phút mỗi hồ sơ hoàn thành", "Trung vị", "9 trên 10 hồ sơ không quá"},
               {row("Cả lượt, từ mở đến đóng", timing.whole), row("Quét, chụp, đọc thẻ", timing.capture),
                row("Máy xử lý trang", timing.processing), row("Thời gian còn lại (chờ, trao đổi)", timing.waiting)});
}

/// The largest first, and what does not fit as one.
std::vector<Bar> bars_of(const std::map<std::string, std::int64_t>& counts, std::string (*name)(const std::string&)) {
  std::vector<Bar> bars;
  for (const auto& [label, count] : counts) {
    bars.push_back({name(label), count, grouped(count)});
  }
  std::stable_sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.value > b.value; });
  if (bars.size() > kMostCauses) {
    Bar rest{"Khác", 0, {}};
    for (auto bar = bars.begin() + kMostCauses - 1; bar != bars.end(); ++bar) {
      rest.value += bar->value;
    }
    rest.text = grouped(rest.value);
    bars.resize(kMostCauses - 1);
    bars.push_back(std::move(rest));
  }
  return bars;
}

std::string failure_table(const std::map<std::string, std::int64_t>& failures) {
  std::vector<std::pair<std::string, std::int64_t>> sorted(failures.begin(), failures.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::vector<std::string>> rows;
  for (const auto& [label, count] : sorted) {
    const std::size_t slash = std::min(label.find('/'), label.size());
    const std::string code = slash < label.size() ? label.substr(slash + 1) : "unknown";
    rows.push_back({label.substr(0, slash), fmt::format("{} ({})", cause_name(code), code), grouped(count)});
  }
  return "<div class=\"words\">" + table({"Thiết bị", "Sự cố", "Số lần"}, rows) + "</div>";
}

std::string point_table(const std::map<std::string, Figures>& points) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, figures] : points) {
    rows.push_back({name, grouped(figures.all_visits()), grouped(count_of(figures, "done")),
                    grouped(count_of(figures, "abandoned")), grouped(figures.all_pages()),
                    minutes(figures.timing.whole.median), minutes(figures.timing.whole.p90),
                    grouped(total(figures.failures))});
  }
  return table({"Điểm", "Lượt", "Hoàn thành", "Bỏ dở", "Trang", "Phút (trung vị)", "Phút (9/10)", "Sự cố"}, rows);
}

std::string nothing_or(const std::string& content, bool empty) {
  return empty ? "<p>Không có trong kỳ này.</p>" : content;
}

std::string rest(const Figures& whole) {
  const auto printed = whole.prints.find("done");
  return table({"Mục", "Giá trị"}, {{"Dữ liệu từ thiết bị", bytes_text(whole.bytes_in)},
                                    {"Trang và tài liệu đã tạo", bytes_text(whole.bytes_out)},
                                    {"Bản in hoàn thành", grouped(printed == whole.prints.end() ? 0 : printed->second)},
                                    {"Ngày có hoạt động (cộng các điểm)", grouped(whole.open_days)},
                                    {"Lượt không thống kê được", grouped(whole.uncounted)}});
}

std::string names_of(const std::map<std::string, Figures>& points) {
  if (points.size() > 3) {
    return fmt::format("{} điểm", points.size());
  }
  std::string names;
  for (const auto& [name, figures] : points) {
    names += (names.empty() ? "" : ", ") + name;
  }
  return names.empty() ? "chưa có số liệu" : names;
}

}  // namespace

std::string to_page(const Summary& summary, const Period& period, Day made_on) {
  const Figures& whole = summary.whole;
  std::string body = fmt::format("<h1>Báo cáo hoạt động quầy, {}</h1>\n<p>{} · từ {} đến {} · lập ngày {}</p>\n",
                                 escaped(period_name(period.name)), escaped(names_of(summary.points)),
                                 day_name(period.from), day_name(period.to), day_name(made_on));
  body += tiles(summary);
  body += section("Lượt phục vụ", visits(summary, period));
  body += section("Thời gian", timing(whole.timing));
  body += section("Trang theo nguồn", nothing_or(bar_chart(bars_of(whole.pages, source_name)), whole.pages.empty()));
  body += section("Trang phải làm lại, theo nguyên nhân",
                  nothing_or(bar_chart(bars_of(whole.rescans, cause_name)), whole.rescans.empty()));
  body += section("Sự cố theo thiết bị", nothing_or(failure_table(whole.failures), whole.failures.empty()));
  if (summary.points.size() > 1) {
    body += section("Theo điểm", point_table(summary.points));
  }
  body += section("Số liệu khác", rest(whole));
  body +=
      "<p class=\"note\">Số liệu ẩn danh: không có tên, số định danh hay lượt phục vụ nào trong báo cáo này. Công dân "
      "được đếm trong từng ngày theo thẻ căn cước đã quét; khóa đếm bị hủy lúc nửa đêm.</p>\n";
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"vi\"><head><meta charset=\"utf-8\"><title>Báo cáo quầy {}</title>"
      "<style>{}</style></head><body>\n{}</body></html>\n",
      escaped(period.name), kStyle, body);
}

}  // namespace quay::ctl::report
