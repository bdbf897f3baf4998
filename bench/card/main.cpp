// SPDX-License-Identifier: Apache-2.0
// quay-bench-card: how long quay-card needs for the simulated card behind the real pcscd; with the card as quick as the
// machine is, what our own software costs for each command; with the times of 106 kbit/s, what a clerk waits.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tests/rig/support/sim_card.hpp"
#include "tests/rig/support/temporary_directory.hpp"
#include "tests/unit/devices/worker_client.hpp"

namespace quay::bench {
namespace {

namespace frames = protocol::worker;
using protocol::CardField;
using Seconds = std::chrono::duration<double>;

/// When each part came, in seconds from the order, and the commands that the card had seen at the end.
struct Times {
  std::map<protocol::CardPart, double> at;
  int commands = 0;
};

frames::ReadCard whole_card(std::uint64_t request) {
  frames::ReadCard order;
  order.request = request;
  order.can = "012345";
  order.fields = {CardField::number, CardField::name, CardField::residence, CardField::portrait};
  order.wait_ms = 10'000;
  return order;
}

std::optional<Times> read(test::WorkerClient& worker, const rig::SimCard& sim, std::uint64_t request) {
  static_cast<void>(sim.tell("fault none"));  // counts commands from here
  Times times;
  const auto begin = SteadyClock::now();
  worker.send(whole_card(request));
  const test::Answers answers = worker.collect_while([&](const frames::FromWorker& message) {
    if (const auto* part = std::get_if<frames::CardRead>(&message)) {
      times.at[part->part] = Seconds(SteadyClock::now() - begin).count();
    }
    return true;
  });
  times.commands = std::stoi(sim.status("apdus"));
  return answers.code().empty() ? std::optional(times) : std::nullopt;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

double cpu_of(pid_t pid) {
  std::FILE* file = std::fopen(fmt::format("/proc/{}/stat", pid).c_str(), "r");
  unsigned long user = 0;
  unsigned long system = 0;
  if (file == nullptr ||
      std::fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2) {
    user = system = 0;
  }
  if (file != nullptr) {
    std::fclose(file);
  }
  return static_cast<double>(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

struct Row {
  double identity_s = 0;
  double details_s = 0;
  double portrait_s = 0;
  double whole_s = 0;
  double commands = 0;
  double wall_ms_a_command = 0;
  double cpu_ms_a_command = 0;  ///< of quay-card alone
};

std::optional<Row> measure(const std::vector<std::string>& card, bool field_of_106, int repeats) {
  const rig::TemporaryDirectory directory;
  const auto sim = rig::SimCard::start(directory.path(), {rig::Portrait::jpeg, card});
  if (!sim) {
    fmt::print(stderr, "{}\n", describe(sim.error()));
    return std::nullopt;
  }
  test::WorkerClient worker(QUAY_CARD, {"--serve", "--trust", sim->trust()}, sim->environment());
  static_cast<void>(read(worker, *sim, 1));  // the reader and kind of card are known from here on
  if (field_of_106 && !sim->tell("speed 106")) {
    return std::nullopt;
  }
  std::map<protocol::CardPart, std::vector<double>> at;
  std::vector<double> commands;
  const double cpu_before = cpu_of(worker.pid());
  for (int i = 0; i < repeats; ++i) {
    const auto times = read(worker, *sim, static_cast<std::uint64_t>(i + 2));
    if (!times) {
      return std::nullopt;
    }
    for (const auto& [part, seconds] : times->at) {
      at[part].push_back(seconds);
    }
    commands.push_back(times->commands);
  }
  Row row;
  row.identity_s = median(at[protocol::CardPart::identity]);
  row.details_s = median(at[protocol::CardPart::details]);
  row.portrait_s = median(at[protocol::CardPart::portrait]);
  row.whole_s = median(at[protocol::CardPart::authenticity]);
  row.commands = median(commands);
  row.wall_ms_a_command = 1'000 * row.whole_s / row.commands;
  row.cpu_ms_a_command = 1'000 * (cpu_of(worker.pid()) - cpu_before) / (repeats * row.commands);
  return row;
}

int run(int argc, char** argv) {
  CLI::App app("What quay-card costs, as lines of JSON");
  int repeats = 20;
  int slow = 5;
  app.add_option("--repeats", repeats)->capture_default_str();
  app.add_option("--slow", slow, "repeats under the times of 106 kbit/s")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const std::vector<std::string> short_only{"--no-extended"};
  for (const auto& [name, card, field, count] :
       {std::tuple("short, no field", short_only, false, repeats),
        std::tuple("extended, no field", std::vector<std::string>(), false, repeats),
        std::tuple("short, 106 kbit/s", short_only, true, slow),
        std::tuple("extended, 106 kbit/s", std::vector<std::string>(), true, slow)}) {
    const auto row = measure(card, field, count);
    if (!row) {
      fmt::print(stderr, "{}: the card could not be read\n", name);
      return 1;
    }
    fmt::print(
        "{{\"case\": \"{}\", \"identity_s\": {:.3f}, \"details_s\": {:.3f}, \"portrait_s\": {:.3f}, \"whole_s\": "
        "{:.3f}, "
        "\"commands\": {:.0f}, \"wall_ms_a_command\": {:.3f}, \"cpu_ms_a_command\": {:.3f}}}\n",
        name, row->identity_s, row->details_s, row->portrait_s, row->whole_s, row->commands, row->wall_ms_a_command,
        row->cpu_ms_a_command);
  }
  return 0;
}

}  // namespace
}  // namespace quay::bench

int main(int argc, char** argv) { return quay::bench::run(argc, argv); }
