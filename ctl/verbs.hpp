// SPDX-License-Identifier: Apache-2.0
// The verbs of quayctl. Each adds itself to the command line and, when it is the one that was typed, leaves what is to
// be done in `action`; each lives in a file of its own name.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "ctl/session.hpp"

namespace quay::ctl {

/// What the verbs are added to. `session` is complete when `action` runs; `action` returns the exit code.
struct CommandLine {
  CLI::App& app;
  Session& session;
  std::function<int()>& action;
};

void add_audit(CommandLine& line);
void add_bundle(CommandLine& line);
void add_card(CommandLine& line);
void add_clean(CommandLine& line);
void add_close(CommandLine& line);
void add_devices(CommandLine& line);
void add_doctor(CommandLine& line);
void add_explain(CommandLine& line);
void add_form(CommandLine& line);
void add_keys(CommandLine& line);
void add_metrics(CommandLine& line);
void add_portals(CommandLine& line);
void add_print(CommandLine& line);
void add_ready(CommandLine& line);
void add_report(CommandLine& line);
void add_scan(CommandLine& line);
void add_selftest(CommandLine& line);
void add_status(CommandLine& line);
void add_top(CommandLine& line);
void add_trace(CommandLine& line);
void add_version(CommandLine& line);
void add_watch(CommandLine& line);

}  // namespace quay::ctl
