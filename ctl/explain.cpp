// SPDX-License-Identifier: Apache-2.0
// quayctl explain: what an error code means and who can put it right. Without a code, all of them.
#include <memory>

#include "ctl/verbs.hpp"
#include "protocol/client/error_table.hpp"

namespace quay::ctl {
namespace {

void print_row(const Session& session, const protocol::ErrorRow& row) {
  if (session.json) {
    session.print(protocol::json::value{
        {"code", row.wire}, {"remedy", protocol::remedy_name(row.remedy)}, {"vi", row.vi}, {"en", row.en}});
  } else {
    session.print(fmt::format("{}  ({})\n    {}\n    {}", row.wire, protocol::remedy_name(row.remedy), row.vi, row.en));
  }
}

int run(const Session& session, const std::string& wire) {
  if (wire.empty()) {
    for (const protocol::ErrorRow& row : protocol::error_table()) {
      print_row(session, row);
    }
    return 0;
  }
  const auto code = protocol::errc_from_wire(wire);
  if (!code) {
    return session.complain(make_error(Errc::usage, "explain", fmt::format("there is no code '{}'", wire)));
  }
  print_row(session, protocol::error_row(*code));
  return 0;
}

}  // namespace

void add_explain(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("explain", "Say what an error code means and who can put it right");
  auto code = std::make_shared<std::string>();
  verb->add_option("CODE", *code, "A code such as paper.jam; without one, all codes");
  verb->callback([&line, code] { line.action = [&session = line.session, code] { return run(session, *code); }; });
}

}  // namespace quay::ctl
