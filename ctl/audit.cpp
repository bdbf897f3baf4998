// SPDX-License-Identifier: Apache-2.0
// quayctl audit: shows the access log and says whether anybody changed it. With FILE it needs no daemon and no key, and
// finds what can be found without.
#include <fstream>
#include <memory>

#include "audit/verifier.hpp"
#include "ctl/verbs.hpp"
#include "protocol/json/writer.hpp"

namespace quay::ctl {
namespace {

constexpr std::int32_t kPage = 200;

std::string text_at(const protocol::json::object& line, std::string_view key) {
  const auto* found = line.if_contains(key);
  if (found == nullptr) {
    return "";
  }
  return found->is_string() ? std::string(found->get_string()) : protocol::json::serialize(*found);
}

void print_line(const Session& session, const protocol::json::object& line) {
  if (session.json) {
    session.print(protocol::json::value(line));
    return;
  }
  session.print(fmt::format("{:>6}  {}  {:<10} {:<10} {:<16} {} {} {}", text_at(line, "n"), text_at(line, "at"),
                            text_at(line, "who"), text_at(line, "peer"), text_at(line, "action"),
                            text_at(line, "visit"), text_at(line, "kinds"), text_at(line, "result")));
}

int show(const Session& session, std::uint64_t from) {
  auto client = session.connect();
  if (!client) {
    return session.complain(client.error());
  }
  protocol::AuditListArguments wanted;
  wanted.from = from;
  wanted.limit = kPage;
  for (;;) {
    const auto page = client->call_as<protocol::AuditListResult>("audit.list", wanted);
    if (!page) {
      return session.complain(page.error());
    }
    for (const protocol::json::object& line : page->lines) {
      print_line(session, line);
      wanted.from = line.at("n").to_number<std::uint64_t>() + 1;
    }
    if (page->lines.size() < static_cast<std::size_t>(kPage)) {
      return 0;
    }
  }
}

void print_report(const Session& session, const protocol::AccessReport& report) {
  for (const protocol::AccessFinding& finding : report.findings) {
    session.print(fmt::format("{}:{}: {} {}: {}", finding.file, finding.line, session.say("bản ghi", "record"),
                              finding.n, finding.text));
  }
  if (report.unproved > 0) {
    session.print(fmt::format(
        "{} {}", report.unproved,
        session.say("dòng chưa kiểm được dấu niêm (thiếu khóa)", "lines whose seal was not checked: no key here")));
  }
  if (!report.end_checked) {
    session.print(session.say("chưa kiểm được phần cuối: hãy chạy không kèm tên tệp để hỏi quayd",
                              "whether the end was cut off is not known: without FILE quayd is asked"));
  }
  session.print(fmt::format("{} {}, {}", report.lines, session.say("dòng", "lines"),
                            report.good ? session.say("không bị sửa", "as they were written")
                                        : session.say("ĐÃ BỊ SỬA", "NOT as they were written")));
}

int conclude(const Session& session, const protocol::AccessReport& report) {
  if (session.json) {
    session.print(protocol::to_json(report));
  } else {
    print_report(session, report);
  }
  return report.good ? 0 : 1;
}

int verify_files(const Session& session, const std::vector<std::string>& files) {
  audit::Verifier verifier;
  for (const std::string& file : files) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
      return session.complain(make_error(Errc::file_unreadable, "audit verify", file));
    }
    verifier.next_file(file);
    for (std::string line; std::getline(stream, line);) {
      verifier.next_line(line);
    }
  }
  return conclude(session, verifier.finish(std::nullopt));
}

int verify(const Session& session, const std::vector<std::string>& files) {
  if (!files.empty()) {
    return verify_files(session, files);
  }
  auto client = session.connect();
  if (!client) {
    return session.complain(client.error());
  }
  const auto report = client->call_as<protocol::AccessReport>("audit.verify", protocol::NoArguments{});
  return report ? conclude(session, *report) : session.complain(report.error());
}

}  // namespace

void add_audit(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("audit", "Show the access log, or check that nobody changed it");
  verb->require_subcommand(1);
  CLI::App* shown = verb->add_subcommand("show", "Print the lines of the access log");
  auto from = std::make_shared<std::uint64_t>(1);
  shown->add_option("--from", *from, "Number of the first line")->capture_default_str();
  shown->callback([&line, from] { line.action = [&session = line.session, from] { return show(session, *from); }; });
  CLI::App* checked = verb->add_subcommand("verify", "Find every line that was edited, removed, moved or cut off");
  auto files = std::make_shared<std::vector<std::string>>();
  checked->add_option("FILE", *files, "Files of the log, oldest first; without: quayd checks its own");
  checked->callback(
      [&line, files] { line.action = [&session = line.session, files] { return verify(session, *files); }; });
}

}  // namespace quay::ctl
