// SPDX-License-Identifier: Apache-2.0
#include "ctl/doctor/examination.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace quay::ctl::doctor {
namespace {

std::string user_name() {
  if (const char* who = std::getenv("SUDO_USER"); who != nullptr && *who != '\0') {
    return who;
  }
  const passwd* entry = ::getpwuid(::geteuid());
  return entry != nullptr ? entry->pw_name : std::to_string(::geteuid());
}

}  // namespace

std::vector<Named> examine(const std::filesystem::path& root, const std::filesystem::path& run_directory) {
  const Machine machine(root, root == "/" ? run_directory : root / "run/quay");
  const Configured settings = configured(machine);
  const Patient patient{machine, settings, user_name()};
  std::vector<Named> all;
  for (const Check& check : checks()) {
    for (Finding& finding : check.look(patient)) {
      all.push_back({check.name, std::move(finding)});
    }
  }
  return all;
}

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::good: return "ok";
    case Verdict::unknown: return "unknown";
    case Verdict::warning: return "warning";
    case Verdict::fault: return "fault";
  }
  return "fault";
}

protocol::json::value to_json(const Named& named) {
  const Finding& finding = named.finding;
  return {{"check", named.check},       {"verdict", verdict_name(finding.verdict)},
          {"vi", finding.vi},           {"en", finding.en},
          {"command", finding.command}, {"fixable", !finding.fix.empty()}};
}

}  // namespace quay::ctl::doctor
