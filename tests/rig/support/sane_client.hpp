// SPDX-License-Identifier: Apache-2.0
// A front end to libsane as a child process, one API call after the other, so that a test can see what each call
// said, and can kill it when one never returns.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/rig/support/child_process.hpp"

namespace quay::rig {

/// Starts quay-rig-sane-client with `calls` (see its source for the words): {"open quaytest:0", "start", "read"}.
/// It prints one line for each: "start GOOD", "read EOF bytes=26214". Errors: as ChildProcess::start.
Result<ChildProcess> start_sane_client(const std::vector<std::string>& calls,
                                       const std::map<std::string, std::string>& environment,
                                       const std::filesystem::path& directory);

/// The same, waited for: the lines it printed. Errors: device_timeout when it has not ended after 60 s;
/// worker_crashed with its transcript when it did not exit by itself.
Result<std::vector<std::string>> run_sane_client(const std::vector<std::string>& calls,
                                                 const std::map<std::string, std::string>& environment,
                                                 const std::filesystem::path& directory);

}  // namespace quay::rig
