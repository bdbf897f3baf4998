// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/trial.hpp"

#include <csignal>
#include <fstream>
#include <stdexcept>

namespace quay::faults {
namespace {

using system_test::Counter;
using system_test::CounterOptions;

constexpr Milliseconds kScanPatience{120'000};

CounterOptions full_feeder() {
  CounterOptions options;
  options.sheets = kSheets;
  return options;
}

std::map<std::string, std::string> recording(const Counter& counter, const Death& death) {
  std::map<std::string, std::string> environment{{"LD_PRELOAD", QUAY_DISK_RECORDER},
                                                 {"QUAY_DISK_ROOT", (counter.path() / "state").string()},
                                                 {"QUAY_DISK_COUNT", (counter.path() / "changes").string()},
                                                 {"QUAY_DISK_KILL_BEFORE", std::to_string(death.change)},
                                                 {"QUAY_DISK_DEAF_TO", death.lying_about}};
  if (death.power) {
    environment["QUAY_DISK_SHADOW"] = (counter.path() / "shadow").string();
  }
  return environment;
}

std::uint64_t changes_of(const Counter& counter) {
  std::uint64_t count = 0;
  std::ifstream file(counter.path() / "changes", std::ios::binary);
  file.read(reinterpret_cast<char*>(&count), sizeof count);
  return count;
}

Broken come_back(Counter& counter, Witness* witness, const Control& control) {
  Broken broken;
  counter.set_daemon_environment({});
  if (!counter.try_start()) {
    ++broken.not_started;
    return broken;
  }
  return witness != nullptr ? witness->audit(control.sheets) : broken;
}

void strike(Counter& counter, Victim victim) {
  std::vector<pid_t> victims;
  for (const auto& [who, program] :
       {std::pair(Victim::scanner, "quay-scanner"), std::pair(Victim::imaging, "quay-imaging")}) {
    if (victim == who || victim == Victim::everything) {
      for (const pid_t worker : counter.workers(program)) {
        victims.push_back(worker);
      }
    }
  }
  if (victim == Victim::daemon || victim == Victim::everything) {
    victims.push_back(counter.daemon().pid());
  }
  for (const pid_t pid : victims) {
    ::kill(pid, SIGKILL);
  }
}

}  // namespace

const char* name_of(Victim victim) {
  switch (victim) {
    case Victim::daemon: return "quayd";
    case Victim::scanner: return "quay-scanner";
    case Victim::imaging: return "quay-imaging";
    case Victim::everything: return "everything";
  }
  return "?";
}

Control measure() {
  Control control;
  Counter counter(full_feeder());
  std::filesystem::create_directory(counter.path() / "state");
  counter.set_daemon_environment(recording(counter, {}));
  if (!counter.try_start()) {
    throw std::runtime_error("quayd does not start: " + counter.daemon().transcript());
  }
  Witness witness(counter);
  const auto began = SteadyClock::now();
  if (!witness.start_scan() || !witness.watch(deadline_in(kScanPatience)) || !witness.job_over()) {
    throw std::runtime_error("a scan without faults fails: " + counter.daemon().transcript());
  }
  control.sheets = witness.sheets();
  control.duration = std::chrono::duration_cast<Milliseconds>(SteadyClock::now() - began);
  control.disk_changes = changes_of(counter);
  return control;
}

Broken kill_at(Victim victim, Milliseconds moment, const Control& control) {
  Counter counter(full_feeder());
  if (!counter.try_start()) {
    return {.not_started = 1};
  }
  Witness witness(counter);
  witness.start_scan();
  witness.watch(deadline_in(moment));
  strike(counter, victim);
  if (victim != Victim::daemon && victim != Victim::everything) {
    witness.watch(deadline_in(kScanPatience));
    return witness.audit(control.sheets);
  }
  counter.kill_daemon();
  return come_back(counter, &witness, control);
}

Broken die_at_change(const Death& death, const Control& control) {
  Counter counter(full_feeder());
  std::filesystem::create_directory(counter.path() / "state");
  counter.set_daemon_environment(recording(counter, death));
  std::optional<Witness> witness;
  if (counter.try_start()) {
    try {
      witness.emplace(counter);
    } catch (const std::runtime_error&) {
      witness.reset();  // it died before it could be asked anything: nothing was promised
    }
    if (witness && witness->start_scan()) {
      witness->watch(deadline_in(kScanPatience));
    }
  }
  if (counter.daemon().running() && !(witness && witness->job_over())) {
    return {.unfinished = 1};
  }
  if (!counter.daemon().running() && changes_of(counter) != death.change) {
    return {.not_started = 1};  // it died of something else
  }
  counter.kill_daemon();
  if (death.power) {
    std::mt19937 chance(static_cast<std::mt19937::result_type>(death.change));
    cut_power(counter.path() / "state", counter.path() / "shadow", *death.power, chance);
  }
  return come_back(counter, witness ? &*witness : nullptr, control);
}

}  // namespace quay::faults
