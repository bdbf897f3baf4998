// SPDX-License-Identifier: Apache-2.0
// quayctl ready: may the counter open? One line and an exit code, in ten seconds at most, for a person or for systemd.
#include <algorithm>
#include <memory>
#include <thread>

#include "ctl/readiness.hpp"
#include "ctl/verbs.hpp"
#include "protocol/client/error_table.hpp"

namespace quay::ctl {
namespace {

constexpr std::chrono::seconds kAll{10};
constexpr int kLongestWait = 9;  // seconds, of those ten
constexpr Milliseconds kPause{200};

int tell(const Session& session, const Readiness& readiness, const protocol::StateResult& state) {
  const bool ready = readiness.kind == Readiness::Kind::ready;
  if (session.json) {
    protocol::json::object out{{"ready", ready}};
    if (!ready) {
      out["device"] = readiness.device;
      out["code"] = protocol::error_row(readiness.reason).wire;
    }
    session.print(protocol::json::value(std::move(out)));
  } else {
    session.print(readiness_text(session.language, readiness, state));
  }
  return ready ? 0 : static_cast<int>(exit_code_of(make_error(readiness.reason, "ready", "")));
}

/// What is left until then, a little at least: the answer of a quayd that lives comes in no time.
Milliseconds until_then(Deadline last) {
  return std::max(Milliseconds(100), std::chrono::duration_cast<Milliseconds>(last - SteadyClock::now()));
}

int run(const Session& session, int wait) {
  const Deadline until = deadline_in(std::chrono::seconds(wait)), last = deadline_in(kAll);
  auto client = session.connect();
  if (!client) {
    return session.complain(client.error());
  }
  for (;;) {
    const auto state = client->call_as<protocol::StateResult>("state.get", protocol::NoArguments{},
                                                              {.patience = until_then(last), .request_id = {}});
    if (!state) {
      return session.complain(state.error());
    }
    const Readiness readiness = judge_readiness(*state);
    if (readiness.kind != Readiness::Kind::starting || SteadyClock::now() + kPause > until) {
      return tell(session, readiness, *state);
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace

void add_ready(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("ready", "Say in one line whether the counter may open");
  auto wait = std::make_shared<int>(kLongestWait);
  verb->add_option("--wait", *wait, "Seconds to wait for devices that are starting")
      ->check(CLI::Range(0, kLongestWait))
      ->capture_default_str();
  verb->callback([&line, wait] { line.action = [&session = line.session, wait] { return run(session, *wait); }; });
}

}  // namespace quay::ctl
