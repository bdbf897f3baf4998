// SPDX-License-Identifier: Apache-2.0
// quayctl close: ends a visit that a failed scan left open, and with it the pages kept there.
#include <algorithm>
#include <memory>

#include "ctl/verbs.hpp"

namespace quay::ctl {
namespace {

bool is_technician(const protocol::HelloResult& hello) {
  return std::find(hello.roles.begin(), hello.roles.end(), "technician") != hello.roles.end();
}

int run(const Session& session, const std::string& visit) {
  auto client = session.connect();
  if (!client) {
    return session.complain(client.error());
  }
  protocol::VisitArguments arguments;
  arguments.visit = visit;
  if (!is_technician(client->hello())) {  // who looks after the counter needs no key; anybody else takes it over first
    const auto adopted = client->call_as<protocol::VisitOpened>("visit.adopt", arguments);
    if (!adopted) {
      return session.complain(adopted.error());
    }
  }
  const auto closed = client->call_as<protocol::Visit>("visit.close", arguments);
  if (!closed) {
    return session.complain(closed.error());
  }
  if (session.json) {
    session.print(protocol::to_json(*closed));
  } else {
    session.print(fmt::format("{} {}", session.say("đã đóng lượt phục vụ", "closed visit"), closed->visit));
  }
  return 0;
}

}  // namespace

void add_close(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("close", "End a visit and erase its pages");
  auto visit = std::make_shared<std::string>();
  verb->add_option("VISIT", *visit, "Id of the visit, as `quayctl status` shows it")->required();
  verb->callback([&line, visit] { line.action = [&session = line.session, visit] { return run(session, *visit); }; });
}

}  // namespace quay::ctl
