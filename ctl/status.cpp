// SPDX-License-Identifier: Apache-2.0
// quayctl status: is the daemon there, what is plugged in, what is going on.
#include "ctl/describe_device.hpp"
#include "ctl/verbs.hpp"

namespace quay::ctl {
namespace {

void print_words(const Session& session, const protocol::HelloResult& hello, const protocol::StateResult& state) {
  session.print(fmt::format("quayd {} (API {}), {}", hello.version, hello.api, session.run_directory.string()));
  for (const protocol::Device& device : state.devices) {
    session.print(describe_device(session.language, device));
  }
  if (state.devices.empty()) {
    session.print(session.say("không có thiết bị nào", "no device"));
  }
  for (const protocol::Lease& lease : state.leases) {
    const auto words = session.say("{} đang được {} giữ, còn {} s", "{} is held by {} for {} s more");
    session.print(fmt::format(fmt::runtime(words), lease.device, lease.holder.value_or(lease.visit.value_or("?")),
                              lease.seconds_left));
  }
  for (const protocol::Visit& visit : state.visits) {
    session.print(
        fmt::format("{} {} ({})", session.say("lượt phục vụ", "visit"), visit.visit, session.say("đang mở", "open")));
  }
  for (const protocol::Job& job : state.jobs) {
    session.print(fmt::format("{} {}  {}  {}  {} {}", session.say("việc", "job"), job.job, job.device,
                              protocol::enum_name(job.state), job.pages, session.say("trang", "pages")));
  }
}

int run(const Session& session) {
  auto client = session.connect();
  if (!client) {
    return session.complain(client.error());
  }
  const auto state = client->call_as<protocol::StateResult>("state.get", protocol::NoArguments{});
  if (!state) {
    return session.complain(state.error());
  }
  if (session.json) {
    session.print(
        protocol::json::value{{"daemon", protocol::to_json(client->hello())}, {"state", protocol::to_json(*state)}});
  } else {
    print_words(session, client->hello(), *state);
  }
  return 0;
}

}  // namespace

void add_status(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("status", "Is quayd there, what is plugged in, what is going on");
  verb->callback([&line] { line.action = [&session = line.session] { return run(session); }; });
}

}  // namespace quay::ctl
