// SPDX-License-Identifier: Apache-2.0
// quayctl doctor: what is wrong at this counter, and the command that mends it. Works without quayd, and says more to
// root.
#include <unistd.h>

#include <memory>

#include <fmt/ranges.h>

#include "ctl/doctor/examination.hpp"
#include "ctl/verbs.hpp"

namespace quay::ctl {
namespace {

using doctor::Finding;
using doctor::Named;
using doctor::Verdict;

struct Options {
  std::string root = "/";
  bool fix = false;
};

std::string_view verdict_word(const Session& session, Verdict verdict) {
  switch (verdict) {
    case Verdict::good: return session.say("tốt", "ok");
    case Verdict::unknown: return session.say("chưa rõ", "unknown");
    case Verdict::warning: return session.say("chú ý", "warning");
    case Verdict::fault: return session.say("LỖI", "FAULT");
  }
  return {};
}

void tell(const Session& session, const Named& named) {
  const Finding& finding = named.finding;
  if (session.json) {
    session.print(doctor::to_json(named));
    return;
  }
  session.print(fmt::format("{:<8} {:<14} {}", verdict_word(session, finding.verdict), named.check,
                            session.say(finding.vi, finding.en)));
  if (!finding.command.empty()) {
    session.print(fmt::format("{:<23} $ {}", "", finding.command));
  }
}

/// Services are those of the machine that runs. Rights are taken away below any folder that stands for one, by hand: no
/// program follows a link for us.
bool can_fix(const Options& options, const Finding& finding) {
  return !finding.fix.empty() && (options.root == "/" || finding.fix.front() == doctor::kTakeRightsAway);
}

doctor::Outcome carry_out(const std::vector<std::string>& fix) {
  return fix.front() == doctor::kTakeRightsAway ? doctor::take_rights_away(fix.at(1)) : doctor::run_program(fix);
}

/// Repairs what is safe to repair; false when something that should have worked did not.
bool repair(const Session& session, const Options& options, const std::vector<Named>& all) {
  bool good = true;
  for (const Named& named : all) {
    if (!can_fix(options, named.finding)) {
      continue;
    }
    const doctor::Outcome outcome = carry_out(named.finding.fix);
    session.remark(fmt::format("{} $ {}{}", session.say("sửa:", "fix:"), fmt::join(named.finding.fix, " "),
                               outcome.exit_code == 0 ? "" : fmt::format(": {}", outcome.output)));
    good = good && outcome.exit_code == 0;
  }
  return good;
}

int run(const Session& session, const Options& options) {
  std::vector<Named> all = doctor::examine(options.root, session.run_directory);
  bool repaired = true;
  if (options.fix) {
    if (::geteuid() != 0 && options.root == "/") {
      return session.complain(make_error(Errc::usage, "doctor --fix", "only root may: sudo quayctl doctor --fix"));
    }
    repaired = repair(session, options, all);
    all = doctor::examine(options.root, session.run_directory);
  }
  bool faulty = !repaired;
  for (const Named& named : all) {
    tell(session, named);
    faulty = faulty || named.finding.verdict == Verdict::fault;
  }
  return static_cast<int>(faulty ? Exit::failed : Exit::ok);
}

}  // namespace

void add_doctor(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("doctor", "Say what is wrong at this counter and what mends it");
  auto options = std::make_shared<Options>();
  verb->add_flag("--fix", options->fix, "Repair what is safe to repair, then look again; as root");
  verb->add_option("--root", options->root, "Look at the system below this folder")
      ->check(CLI::ExistingDirectory)
      ->capture_default_str();
  verb->callback(
      [&line, options] { line.action = [&session = line.session, options] { return run(session, *options); }; });
}

}  // namespace quay::ctl
