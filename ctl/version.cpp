// SPDX-License-Identifier: Apache-2.0
// quayctl version: of this program, not of the daemon (that is `quayctl status`).
#include "ctl/verbs.hpp"
#include "protocol/client/envelope.hpp"

namespace quay::ctl {
namespace {

int run(const Session& session) {
  if (session.json) {
    session.print(protocol::json::value{{"version", QUAY_VERSION}, {"api", protocol::kApiVersion}});
  } else {
    session.print(fmt::format("quayctl {} (API {})", QUAY_VERSION, protocol::kApiVersion));
  }
  return 0;
}

}  // namespace

void add_version(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("version", "Say which quayctl this is");
  verb->callback([&line] { line.action = [&session = line.session] { return run(session); }; });
}

}  // namespace quay::ctl
