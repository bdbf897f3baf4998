// SPDX-License-Identifier: Apache-2.0
// quayd: reads the command line and the configuration, builds the daemon, runs it.
#include <csignal>
#include <cstdio>

#include <CLI/CLI.hpp>

#include "daemon/daemon.hpp"
#include "daemon/service/descriptors.hpp"
#include "daemon/service/hide_memory.hpp"
#include "daemon/service/portals.hpp"

namespace {

constexpr int kConfigurationExit = 78;  // EX_CONFIG, sysexits.h
constexpr int kStartExit = 1;

/// Says every mistake in a portal's profile. A running quayd does without that portal; a check tells it beforehand.
bool check_portals(const quay::daemon::service::Config& config) {
  const auto set = quay::daemon::service::load_portals(config.portal_directories);
  for (const std::string& mistake : set.mistakes) {
    std::fprintf(stderr, "%s\n", mistake.c_str());
  }
  return set.mistakes.empty();
}

int say_good(const std::string& file) {
  std::printf("%s: good\n", file.c_str());
  return 0;
}

int start(const std::string& file, bool check_only, quay::Log& log) {
  auto config = quay::daemon::service::load_config(file);
  if (!config) {
    std::fprintf(stderr, "%s\n", config.error().detail.c_str());
    return kConfigurationExit;
  }
  if (check_only) {
    return check_portals(*config) ? say_good(file) : kConfigurationExit;
  }
  log.set_threshold(config->log_level);
  if (const quay::Status hidden = quay::daemon::service::hide_memory(); !hidden) {
    log.error("cannot start: {}", quay::describe(hidden.error()));
    return kStartExit;
  }
  quay::daemon::service::raise_descriptor_limit();
  auto daemon = quay::daemon::Daemon::create(std::move(*config), file, log);
  if (!daemon) {
    log.error("cannot start: {}", quay::describe(daemon.error()));
    return kStartExit;
  }
  return (*daemon)->run();
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app{"quayd: device daemon for a public-service counter"};
  std::string file = "/etc/quay/quay.toml";
  bool check_only = false;
  app.add_option("--config", file, "Configuration file")->capture_default_str();
  app.add_flag("--check", check_only, "Check the configuration and leave");
  app.set_version_flag("--version", QUAY_VERSION);
  CLI11_PARSE(app, argc, argv);
  quay::Log log("quayd");
  return start(file, check_only, log);
}
