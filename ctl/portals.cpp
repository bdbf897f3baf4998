// SPDX-License-Identifier: Apache-2.0
// quayctl portals: the portals whose rules quayd knows, and the mistakes in the profiles that it could not read.
#include "ctl/preflight_words.hpp"
#include "ctl/verbs.hpp"

namespace quay::ctl {
namespace {

void print_words(const Session& session, const protocol::Portal& portal) {
  const std::string& title = session.language == Language::vi ? portal.title_vi : portal.title_en;
  session.print(fmt::format("{}  {}", portal.portal, title));
  session.print(fmt::format("    {} ({})", portal.source, portal.checked));
  for (const protocol::PaperRules& rules : portal.papers) {
    session.print("    " + rules_text(session.language, rules));
  }
}

int run(const Session& session) {
  auto client = session.connect();
  if (!client) {
    return session.complain(client.error());
  }
  const auto list = client->call_as<protocol::PortalListResult>("portal.list", protocol::NoArguments{});
  if (!list) {
    return session.complain(list.error());
  }
  if (session.json) {
    session.print(protocol::to_json(*list));
  } else {
    for (const protocol::Portal& portal : list->portals) {
      print_words(session, portal);
    }
    for (const std::string& mistake : list->mistakes) {
      session.remark(mistake);
    }
  }
  return list->mistakes.empty() ? 0 : static_cast<int>(Exit::failed);
}

}  // namespace

void add_portals(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("portals", "List the portals whose rules are known");
  verb->callback([&line] { line.action = [&session = line.session] { return run(session); }; });
}

}  // namespace quay::ctl
