// SPDX-License-Identifier: Apache-2.0
// All checks at once, and what they found as programs read it.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "ctl/doctor/checks.hpp"
#include "protocol/json/writer.hpp"

namespace quay::ctl::doctor {

/// A finding with the name of its check.
struct Named {
  std::string_view check;
  Finding finding;
};

/// `root` stands for /; only of the machine that runs are sockets looked for in `run_directory`.
std::vector<Named> examine(const std::filesystem::path& root, const std::filesystem::path& run_directory);

/// "ok", "unknown", "warning", "fault".
std::string_view verdict_name(Verdict verdict);

protocol::json::value to_json(const Named& named);

}  // namespace quay::ctl::doctor
