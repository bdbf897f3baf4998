// SPDX-License-Identifier: Apache-2.0
// quayctl: the technician's hand tool. Reads the command line and hands it to one verb.
#include <malloc.h>

#include <cstdio>

#include "ctl/verbs.hpp"

namespace quay::ctl {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 done, 1 failed, 2 wrong command line, 3 quayd is not there, 4 the clerk can put it right,\n"
    "5 try again later, 130 interrupted. See quayctl(1).";

void add_common_options(CLI::App& app, Session& session) {
  app.add_flag("--json", session.json, "One JSON object a line, for programs");
  app.add_option("--run", session.run_directory, "Directory of quayd's sockets")
      ->envname("QUAY_RUNTIME_DIRECTORY")
      ->capture_default_str();
  app.add_option("--connect", session.tcp, "tcp://127.0.0.1:PORT instead of --run, with both keys")
      ->envname("QUAY_CONNECT");
  app.add_option("--server-key", session.server_key, "Public key of quayd there")->envname("QUAY_SERVER_KEY");
  app.add_option("--key-file", session.key_file, "File with the secret key that quayctl keys new made")
      ->envname("QUAY_KEY_FILE");
  app.add_option_function<std::string>(
         "--lang",
         [&session](const std::string& name) { session.language = name == "vi" ? Language::vi : Language::en; },
         "Language: vi or en [by locale]")
      ->check(CLI::IsMember({"vi", "en"}));
}

int complain_about_usage(const Session& session, const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {
    return app.exit(error);  // --help
  }
  return session.complain(make_error(Errc::usage, "quayctl", error.what()));
}

int run(int argc, char** argv) {
  CLI::App app("quayctl: see and try the devices of a counter");
  Session session;
  session.language = language_of_environment();
  session.run_directory = client::default_run_directory();
  add_common_options(app, session);
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(kFooter);
  std::function<int()> action;
  CommandLine line{app, session, action};
  for (auto* add :
       {&add_status,  &add_ready,   &add_top,   &add_devices, &add_doctor, &add_selftest, &add_scan,    &add_card,
        &add_clean,   &add_watch,   &add_trace, &add_bundle,  &add_close,  &add_audit,    &add_metrics, &add_report,
        &add_portals, &add_explain, &add_form,  &add_print,   &add_keys,   &add_version}) {
    add(line);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return complain_about_usage(session, app, error);
  }
  return action();
}

}  // namespace
}  // namespace quay::ctl

int main(int argc, char** argv) {
  // Pages of 26 MB come and go: memory that is given back and asked for again costs a fault for each 4 KiB of it.
  ::mallopt(M_MMAP_THRESHOLD, 1 << 30);
  ::mallopt(M_TRIM_THRESHOLD, 1 << 30);
  try {
    return quay::ctl::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "quayctl: %s\n", error.what());
    return 1;
  }
}
