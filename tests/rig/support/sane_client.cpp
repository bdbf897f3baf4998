// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/support/sane_client.hpp"

#include <sstream>

namespace quay::rig {

Result<ChildProcess> start_sane_client(const std::vector<std::string>& calls,
                                       const std::map<std::string, std::string>& environment,
                                       const std::filesystem::path& directory) {
  ChildOptions options;
  options.arguments.push_back(QUAY_SANE_CLIENT);
  options.arguments.insert(options.arguments.end(), calls.begin(), calls.end());
  options.environment = environment;
  // Under a sanitizer a crash shall still end by its signal, and libsane's leaks are not ours.
  options.environment.try_emplace("ASAN_OPTIONS", "handle_segv=0:handle_abort=0:detect_leaks=0");
  options.environment.try_emplace("TSAN_OPTIONS", "handle_segv=0:handle_abort=0");
  options.output_directory = directory;
  options.output_name = "sane-client";
  return ChildProcess::start(options);
}

Result<std::vector<std::string>> run_sane_client(const std::vector<std::string>& calls,
                                                 const std::map<std::string, std::string>& environment,
                                                 const std::filesystem::path& directory) {
  constexpr auto kPatience = std::chrono::seconds(60);
  auto client = start_sane_client(calls, environment, directory);
  if (!client) {
    return failure(client.error());
  }
  const auto ended = client->wait(kPatience);
  if (!ended) {
    return failure(ended.error());
  }
  if (*ended != ChildExit{0, 0}) {
    return failure(Errc::worker_crashed, "rig.sane_client", client->transcript());
  }
  std::vector<std::string> lines;
  std::istringstream output(client->output());
  for (std::string line; std::getline(output, line);) {
    lines.push_back(line);
  }
  return lines;
}

}  // namespace quay::rig
