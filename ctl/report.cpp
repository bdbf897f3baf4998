// SPDX-License-Identifier: Apache-2.0
// quayctl report: what a counter did in a period, as figures, a CSV for spreadsheets or a page for people; and reports
// of many points made one.
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <memory>

#include "base/atomic_file.hpp"
#include "ctl/report/page.hpp"
#include "ctl/report/words.hpp"
#include "ctl/verbs.hpp"
#include "protocol/client/usage.hpp"
#include "protocol/json/writer.hpp"

namespace quay::ctl {
namespace {

using report::Row;

/// usage.get gives so many days at once.
constexpr std::chrono::days kAtOnce{31};

struct Options {
  std::string period;
  std::string point;
  std::filesystem::path output;
  std::vector<std::string> files;
};

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "quay";
}

Day today() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&now, &parts);
  return std::chrono::year(parts.tm_year + 1900) / std::chrono::month(static_cast<unsigned>(parts.tm_mon) + 1) /
         std::chrono::day(static_cast<unsigned>(parts.tm_mday));
}

Result<std::vector<Row>> ask(client::Client& client, const report::Period& period, const std::string& point) {
  std::vector<Row> rows;
  for (Day from = period.from; from <= period.to; from += kAtOnce) {
    const Day to = std::min(period.to, from + kAtOnce - std::chrono::days(1));
    auto found =
        client.call_as<protocol::UsageResult>("usage.get", protocol::UsageArguments{{}, day_text(from), day_text(to)});
    if (!found) {
      return tl::unexpected(found.error());
    }
    for (protocol::UsageRow& row : found->rows) {
      rows.push_back({point, std::move(row)});
    }
  }
  return rows;
}

Status check_output(const std::filesystem::path& output) {
  const std::string kind = output.extension().string();
  if (!output.empty() && kind != ".csv" && kind != ".html") {
    return failure(Errc::usage, "--output",
                   fmt::format("found \"{}\" where FILE.csv or FILE.html was expected", output.string()));
  }
  return output.empty() ? Status() : check_writable(output);
}

void print_figures(const Session& session, const report::Summary& summary) {
  const report::Figures& whole = summary.whole;
  const auto line = [&](std::string_view vi, std::string_view en, const std::string& value) {
    session.print(fmt::format("{:<34} {}", session.say(vi, en), value));
  };
  const auto count = [&](const char* outcome) {
    const auto found = whole.visits.find(outcome);
    return std::to_string(found == whole.visits.end() ? 0 : found->second);
  };
  line("lượt", "visits", std::to_string(whole.all_visits()));
  line("  hoàn thành", "  done", count("done"));
  line("  bỏ dở", "  abandoned", count("abandoned"));
  line("  không có gì", "  empty", count("empty"));
  line("công dân, cộng theo ngày", "citizens, of each day added up", std::to_string(whole.citizens));
  line("trang", "pages", std::to_string(whole.all_pages()));
  line("trang phải làm lại", "pages thrown away", std::to_string(report::total(whole.rescans)));
  line("sự cố", "failures", std::to_string(report::total(whole.failures)));
  line("phút mỗi hồ sơ, trung vị", "minutes a dossier, median", report::minutes(whole.timing.whole.median));
  line("phút mỗi hồ sơ, 9 trên 10", "minutes a dossier, 9 of 10", report::minutes(whole.timing.whole.p90));
  line("giờ mở quầy", "hours open", fmt::format("{}", whole.open_minutes / 60));
}

int give(const Session& session, const Options& options, const report::Period& period, const std::vector<Row>& rows) {
  if (options.output.empty() && session.json) {
    for (const Row& row : rows) {
      protocol::json::object object = protocol::to_json_object(row.usage);
      object["point"] = row.point;
      session.print(protocol::json::value(std::move(object)));
    }
    return 0;
  }
  if (options.output.empty()) {
    print_figures(session, report::summarise(rows));
    return 0;
  }
  const std::string text = options.output.extension() == ".csv"
                               ? report::to_csv(rows)
                               : report::to_page(report::summarise(rows), period, today());
  const Status written =
      write_atomically(options.output, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return written ? 0 : session.complain(written.error());
}

int report_here(const Session& session, const Options& options) {
  const auto period = report::parse_period(options.period);
  if (!period) {
    return session.complain(period.error());
  }
  if (const Status good = check_output(options.output); !good) {
    return session.complain(good.error());
  }
  auto client = session.connect();
  if (!client) {
    return session.complain(client.error());
  }
  const auto rows = ask(*client, *period, options.point.empty() ? host_name() : options.point);
  return rows ? give(session, options, *period, *rows) : session.complain(rows.error());
}

Result<std::vector<Row>> read_all(const std::vector<std::string>& files) {
  report::Merge merge;
  for (const std::string& file : files) {
    std::ifstream stream(file, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    if (!stream.good() && !stream.eof()) {
      return failure(Errc::file_unreadable, "report merge", file);
    }
    auto rows = report::from_csv(text, file);
    if (!rows) {
      return rows;
    }
    if (Status added = merge.add(file, *std::move(rows)); !added) {
      return tl::unexpected(added.error());
    }
  }
  return merge.rows();
}

/// Without --period: from the first day in the files to the last.
report::Period span_of(const std::vector<Row>& rows) {
  report::Period period{today(), today(), {}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Day day = parse_day(rows[i].usage.day).value_or(today());
    period.from = i == 0 ? day : std::min(period.from, day);
    period.to = i == 0 ? day : std::max(period.to, day);
  }
  period.name = day_text(period.from) + ".." + day_text(period.to);
  return period;
}

int merge(const Session& session, const Options& options) {
  if (const Status good = check_output(options.output); !good) {
    return session.complain(good.error());
  }
  auto rows = read_all(options.files);
  if (!rows) {
    return session.complain(rows.error());
  }
  const auto period =
      options.period.empty() ? Result<report::Period>(span_of(*rows)) : report::parse_period(options.period);
  if (!period) {
    return session.complain(period.error());
  }
  std::erase_if(*rows, [&](const Row& row) {
    return row.usage.day < day_text(period->from) || row.usage.day > day_text(period->to);
  });
  return give(session, options, *period, *rows);
}

}  // namespace

void add_report(CommandLine& line) {
  CLI::App* verb =
      line.app.add_subcommand("report", "What the counter did in a period: figures, CSV or a page to print");
  verb->require_subcommand(0, 1);
  const auto options = std::make_shared<Options>();
  verb->add_option("--period", options->period, "2026, 2026-Q4, 2026-11, 2026-11-26 or 2026-11-26..2026-11-30");
  verb->add_option("-o,--output", options->output, "FILE.csv or FILE.html [figures on standard output]");
  verb->add_option("--point", options->point, "Name of this counter in the report [the host's name]");
  CLI::App* merged = verb->add_subcommand("merge", "Make one report of the CSV files of many points");
  merged->add_option("FILE", options->files, "CSV files that quayctl report wrote")->required();
  verb->callback([&line, options, merged] {
    line.action = [&session = line.session, options, merged] {
      return merged->parsed() ? merge(session, *options) : report_here(session, *options);
    };
  });
}

}  // namespace quay::ctl
