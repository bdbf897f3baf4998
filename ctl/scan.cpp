// SPDX-License-Identifier: Apache-2.0
// quayctl scan: paper in, PDF out. Words, options and the file; the way of a scan is in scan_job.cpp.
#include <algorithm>
#include <ctime>
#include <memory>

#include "base/atomic_file.hpp"
#include "ctl/preflight_words.hpp"
#include "ctl/scan_job.hpp"
#include "ctl/verbs.hpp"

namespace quay::ctl {
namespace {

struct ScanOptions {
  ScanWish wish;
  std::filesystem::path output;
};

/// "scan-20261124-081500.pdf", local time.
std::filesystem::path usual_output() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  return fmt::format("scan-{:04}{:02}{:02}-{:02}{:02}{:02}.pdf", local.tm_year + 1900, local.tm_mon + 1, local.tm_mday,
                     local.tm_hour, local.tm_min, local.tm_sec);
}

/// What was written, for people and programs.
struct Summary {
  std::filesystem::path path;
  double seconds = 0;
};

double ratio_of(const ScanOutcome& outcome) {
  const double bytes = static_cast<double>(outcome.file.bytes.size());
  return bytes > 0 ? static_cast<double>(outcome.raw_bytes()) / bytes : 0;
}

void print_json(const Session& session, const ScanOutcome& outcome, const Summary& summary) {
  session.print(protocol::json::value{{"path", std::filesystem::absolute(summary.path).string()},
                                      {"pages", outcome.document.pages},
                                      {"bytes", outcome.file.bytes.size()},
                                      {"raw_bytes", outcome.raw_bytes()},
                                      {"ratio", ratio_of(outcome)},
                                      {"seconds", summary.seconds},
                                      {"sha256", outcome.file.sha256},
                                      {"visit", outcome.visit},
                                      {"visit_open", !outcome.may_close_visit()},
                                      {"job", outcome.job},
                                      {"document", outcome.document.document},
                                      {"name", outcome.document.name},
                                      {"findings", protocol::to_json(outcome.document.findings)},
                                      {"captures", protocol::to_json(outcome.captures)}});
}

void print_words(const Session& session, const ScanOutcome& outcome, const Summary& summary) {
  session.print(fmt::format("{}: {} {}, {} bytes, {:.0f} : 1 {}, {:.1f} s", summary.path.string(),
                            outcome.document.pages, session.say("trang", "pages"), outcome.file.bytes.size(),
                            ratio_of(outcome), session.say("so với ảnh gốc", "to raw"), summary.seconds));
  for (const protocol::Capture& capture : outcome.captures) {
    for (const protocol::SettingAdjustment& adjusted : capture.adjusted) {
      session.remark(fmt::format("{} {}: {} {} -> {}", session.say("trang", "page"), capture.page, adjusted.setting,
                                 adjusted.asked, adjusted.got));
    }
  }
  for (const protocol::Finding& finding : outcome.document.findings) {
    session.remark(finding_text(session.language, finding));
  }
}

/// The file is written; a portal that would refuse it is for the clerk to know before the citizen leaves.
int verdict(const ScanOutcome& outcome) {
  const auto refuses = [](const protocol::Finding& one) { return one.severity == protocol::Severity::refused; };
  const std::vector<protocol::Finding>& findings = outcome.document.findings;
  const bool refused = std::any_of(findings.begin(), findings.end(), refuses);
  return refused ? static_cast<int>(Exit::clerk) : 0;
}

/// The fault, and where the pages are that did come.
int report_failure(const Session& session, const ScanOutcome& outcome) {
  const int code = session.complain(*outcome.error);
  if (outcome.kept.value_or(0) > 0) {
    session.remark(fmt::format(
        fmt::runtime(session.say("{} trang vẫn được giữ. Quét tiếp: quayctl scan --visit {}   Bỏ đi: quayctl close {}",
                                 "Pages kept: {}. Go on: quayctl scan --visit {}   Give up: quayctl close {}")),
        *outcome.kept, outcome.visit, outcome.visit));
  }
  return outcome.interrupted ? static_cast<int>(Exit::interrupted) : code;
}

int run(const Session& session, const ScanOptions& options) {
  const auto begin = SteadyClock::now();
  const std::filesystem::path output = options.output.empty() ? usual_output() : options.output;
  if (Status writable = check_writable(output); !writable) {
    return session.complain(writable.error());
  }
  auto interrupt = Interrupt::create();
  if (!interrupt) {
    return session.complain(interrupt.error());
  }
  auto client = session.connect();
  if (!client) {
    return session.complain(client.error());
  }
  ScanJob job(session, *client, *interrupt);
  ScanOutcome outcome = job.run(options.wish);
  if (!outcome.error) {
    if (Status written = write_atomically(output, outcome.file.bytes); !written) {
      outcome.error = std::move(written).error();
    }
  }
  job.finish(outcome);
  if (outcome.error) {
    return report_failure(session, outcome);
  }
  const std::chrono::duration<double> seconds = SteadyClock::now() - begin;
  const Summary summary{output, seconds.count()};
  session.json ? print_json(session, outcome, summary) : print_words(session, outcome, summary);
  return verdict(outcome);
}

/// An option whose values are the names of a described enum.
template <class E>
void add_enum_option(CLI::App& verb, const char* name, E& target, std::vector<std::string> names, const char* help) {
  verb.add_option_function<std::string>(
          name, [&target](const std::string& text) { target = *protocol::enum_from_name<E>(text); }, help)
      ->check(CLI::IsMember(std::move(names)))
      ->default_str(protocol::enum_name(target));
}

}  // namespace

void add_scan(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("scan", "Scan into a PDF");
  auto options = std::make_shared<ScanOptions>();
  ScanWish& wish = options->wish;
  verb->add_option("-o,--output", options->output, "PDF to write [scan-DATE-TIME.pdf]");
  verb->add_option("--device", wish.device, "Id of the scanner [the only one there is]");
  verb->add_option("--visit", wish.visit, "Go on with an open visit: the PDF gets all its pages, it stays open");
  add_enum_option(*verb, "--source", wish.settings.source, {"automatic", "flatbed", "adf", "adf_duplex"},
                  "Where the paper lies");
  add_enum_option(*verb, "--mode", wish.settings.mode, {"color", "gray", "bitonal"}, "Colours");
  verb->add_option("--dpi", wish.settings.resolution_dpi, "Dots per inch")
      ->check(CLI::Range(50, 2400))
      ->capture_default_str();
  verb->add_option("--profile", wish.profile, "How pages are cleaned and packed")->capture_default_str();
  verb->add_option("--pages", wish.max_pages, "Stop after so many pages; 0: until the feeder is empty")
      ->check(CLI::Range(0, 10'000))
      ->capture_default_str();
  verb->add_option("--expect", wish.pages_expected, "Sheets counted by hand; fewer pages are an error")
      ->check(CLI::Range(0, 10'000));
  verb->add_option("--code", wish.code, "Dossier code, such as H26.12-260101-0001");
  verb->add_option("--ordinal", wish.ordinal, "Number of this file in its dossier")->check(CLI::Range(1, 999));
  verb->add_option("--portal", wish.portal, "Hold the file against the rules of this portal; see quayctl portals");
  verb->add_option("--kind", wish.kind, "Kind of paper, by the portal's profile [its first]");
  verb->callback(
      [&line, options] { line.action = [&session = line.session, options] { return run(session, *options); }; });
}

}  // namespace quay::ctl
