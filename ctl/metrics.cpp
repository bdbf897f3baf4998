// SPDX-License-Identifier: Apache-2.0
// quayctl metrics: how the daemon is, in numbers, as a monitoring system reads them.
#include "ctl/verbs.hpp"
#include "protocol/client/usage.hpp"
#include "protocol/json/writer.hpp"

namespace quay::ctl {
namespace {

int metrics(const Session& session) {
  auto client = session.connect();
  if (!client) {
    return session.complain(client.error());
  }
  auto found = client->call_as<protocol::MetricsResult>("metrics.get", protocol::NoArguments{});
  if (!found) {
    return session.complain(found.error());
  }
  if (session.json) {
    session.print(protocol::to_json(*found));
    return 0;
  }
  std::string& text = found->text;
  text.erase(text.find_last_not_of('\n') + 1);  // print() ends the line
  session.print(text);
  return 0;
}

}  // namespace

void add_metrics(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("metrics", "Print the daemon's metrics in Prometheus' text format");
  verb->callback([&line] { line.action = [&session = line.session] { return metrics(session); }; });
}

}  // namespace quay::ctl
